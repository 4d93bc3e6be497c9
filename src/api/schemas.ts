/** The shapes of jobs on the wire, shared by the job routes and OpenAPI. */
import { z } from 'zod';
import { onChildFailures } from '../contract/enqueue.ts';
import { repeatsProblem } from '../contract/repeats.ts';
import { jobStates } from '../contract/state.ts';
import { laneNames, priorities } from '../contract/words.ts';
import { idSchema } from '../http/page.ts';

const time = z.iso.datetime({ offset: true });
const whole = z.int().positive();
/** Milliseconds, up to 30 days. */
const window = whole.max(30 * 24 * 60 * 60_000);
const text = (max: number) => z.string().min(1).max(max);

const jobOptions = {
  delayMs: z.int().min(0).describe('Milliseconds from now.'),
  runAt: time.describe('Not before this time.'),
  expiresAt: time.describe('Cancelled with the reason `expired` when it has not started by then.'),
  priority: z.enum(priorities),
  version: whole.describe('Version of the payload given, when it is an older one.'),
  key: text(200).describe('Jobs of one key run one after another.'),
  tenant: text(64).describe('Whose share of the queue it uses.'),
  maxAttempts: whole.max(100),
  timeoutMs: whole,
  metadata: z.record(z.string(), z.json()).describe('Echoed, never interpreted.'),
  waitFor: z.array(idSchema).max(1_000).describe('Jobs that must succeed first.'),
  onChildFailure: z.enum(onChildFailures).describe('What becomes of it when a job that it waits for fails.'),
  cancelChildren: z.boolean().describe('Cancelling it cancels what only it waits for.'),
};

const repeatOptions = {
  idempotencyKey: text(255).describe(
    'The same key within its window, for the same type and tenant, answers the first job.',
  ),
  idempotencyMs: window.describe('The window of `idempotencyKey`. Default: of the type, 24 h.'),
  debounce: z
    .strictObject({ key: text(200), ms: window, maxMs: window.optional() })
    .describe('Starts `ms` after the last enqueue of its key, at most `maxMs` after the first.'),
  throttle: z.strictObject({ key: text(200), ms: window }).describe('One job of this key per `ms`.'),
  keepLast: z
    .strictObject({ key: text(200) })
    .describe('Of the jobs of this key that do not run only the newest stays.'),
};

/** What an enqueue may set; unset fields come from the job type. */
export const optionsSchema = z
  .strictObject({ ...jobOptions, ...repeatOptions })
  .partial()
  .check(({ value, issues }) => {
    const problem = issues.length === 0 && repeatsProblem(value);
    if (problem) issues.push({ code: 'custom', input: value, path: [problem.option], message: problem.detail });
  })
  .meta({ id: 'EnqueueOptions' });

/** What a job of a flow may set: it is new in any case. */
export const flowJobOptionsSchema = z.strictObject(jobOptions).partial().meta({ id: 'FlowJobOptions' });

/** One job to enqueue. The payload is checked by its job type afterwards. */
export const newJobSchema = z
  .strictObject({ type: text(64), payload: z.unknown(), options: optionsSchema.optional() })
  .meta({ id: 'NewJob' });

export const enqueuedSchema = z
  .object({
    id: idSchema,
    type: z.string(),
    lane: z.enum(laneNames),
    state: z.enum(jobStates),
    deduplicated: z.boolean().describe('True when no job was made: the id is that of an earlier enqueue.'),
    replaced: z.boolean().describe('True when an earlier enqueue was given up for this one (debounce, keepLast).'),
    payloadDiffers: z.boolean().describe('True when the idempotency key came with another payload before.'),
  })
  .meta({ id: 'EnqueuedJob' });

export const errorSchema = z
  .object({ name: z.string(), code: z.string().optional(), message: z.string(), stack: z.string().optional() })
  .meta({ id: 'JobError' });

export const progressSchema = z.object({ percent: z.number(), note: z.string().nullable() }).nullable();

export const summarySchema = z
  .object({
    id: idSchema,
    type: z.string(),
    lane: z.enum(laneNames),
    queue: z.string(),
    state: z.enum(jobStates),
    reason: z.string().nullable(),
    priority: z.enum(priorities),
    key: z.string().nullable(),
    tenant: z.string().nullable(),
    owner: z.string().nullable(),
    attempt: z.int(),
    maxAttempts: z.int(),
    enqueuedAt: time,
    runAt: time.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    worker: z.string().nullable(),
    error: errorSchema.nullable(),
  })
  .meta({ id: 'JobSummary' });

const attemptSchema = z
  .object({
    attempt: z.int(),
    worker: z.string().nullable(),
    startedAt: time,
    finishedAt: time.nullable(),
    outcome: z.enum(['running', 'succeeded', 'failed', 'timed_out', 'crashed', 'cancelled', 'released']),
    cancelRequestedAt: time.nullable().describe('When somebody asked for the cancel of the job.'),
    stoppedAt: time.nullable().describe('When its work had really stopped; null while it has not.'),
    error: errorSchema.nullable(),
  })
  .meta({ id: 'Attempt' });

const estimateFields = {
  position: z
    .object({ ahead: z.int(), more: z.boolean() })
    .nullable()
    .describe('Jobs that start before it, counted up to 10,000: `more` when there may be more.'),
  eta: time.nullable().describe('When it should have ended, from live rates; null when nothing can be said.'),
};

export const detailSchema = summarySchema
  .extend({
    ...estimateFields,
    version: z.int(),
    payload: z.unknown().describe('Null with a `payloadFile`.'),
    payloadFile: z
      .object({ bytes: z.int(), sha256: z.string() })
      .nullable()
      .describe('Set for a payload too large for its row; GET /v1/jobs/{id}/payload answers it.'),
    result: z.unknown().describe('Null with a `resultFile`.'),
    resultFile: z
      .object({ bytes: z.int(), sha256: z.string() })
      .nullable()
      .describe('Set for a result too large for its row; GET /v1/jobs/{id}/result answers it.'),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    attempts: z.array(attemptSchema),
    progress: progressSchema,
    timeoutMs: z.int(),
    expiresAt: time.nullable(),
    traceId: z.string().nullable(),
    parentId: idSchema.nullable(),
    childIds: z.array(idSchema),
    waitsFor: z.array(idSchema),
    flowId: idSchema.nullable(),
    restorableUntil: time.nullable().describe('A discarded job can be restored until then.'),
  })
  .meta({ id: 'Job' });

/** A job as its user sees it. */
export const ownJobSchema = z
  .object({
    id: idSchema,
    type: z.string(),
    state: z.enum(jobStates),
    progress: progressSchema,
    ...estimateFields,
  })
  .meta({ id: 'OwnJob' });

/** What is told of a job that is followed. */
export const jobEventSchema = z
  .object({ id: idSchema, state: z.enum(jobStates), progress: progressSchema })
  .meta({ id: 'JobEvent' });

export const movedSchema = z.object({ id: idSchema, state: z.enum(jobStates) }).meta({ id: 'MovedJob' });

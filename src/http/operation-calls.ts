/** Operations over HTTP, the same for clients with a key and for operators: the request, and calls that the audit remembers. */
import { z } from 'zod';
import type { Queryable } from '../contract/database.ts';
import type { Logger } from '../contract/logger.ts';
import {
  defaultStopAbove,
  type MassOperations,
  mostIds,
  type Operation,
  type OperationRequest,
  operationActions,
  operationStatuses,
  type StageSize,
} from '../contract/operation.ts';
import { jobStates } from '../contract/state.ts';
import type { Json } from '../contract/words.ts';
import { laneNames } from '../contract/words.ts';
import { audited } from './audit.ts';
import { idSchema } from './page.ts';

const time = z.iso.datetime({ offset: true });
const text = z.string().min(1).max(255);
const count = z.int().min(0);

const stageSize = z
  .union([
    z.int().min(1).max(1_000_000),
    z.string().regex(/^(100|[1-9]?\d)(\.\d+)?%$/, 'must be a number, a share such as 10%, or all'),
    z.literal('all'),
  ])
  .transform((size) => size as StageSize);

const filterSchema = z
  .strictObject({
    ids: z.array(idSchema).min(1).max(mostIds).describe('These jobs and no others.'),
    fingerprint: text.describe('A group of `GET /v1/dead`.'),
    type: text,
    lane: z.enum(laneNames),
    queue: text,
    state: z.enum(jobStates).describe('For `cancel`.'),
    key: text,
    tenant: text,
    owner: text,
    code: text.describe('Code of the error.'),
    error: text.describe('How the message of the error begins.'),
    payload: z.record(z.string(), z.json()).describe('Fields of the payload, compared as JSON.'),
    since: time.describe('Enqueued at or after.'),
    until: time.describe('Enqueued before.'),
  })
  .partial()
  .meta({ id: 'OperationFilter' });

const forGood = z
  .boolean()
  .describe(
    "For `discard`: it can't be undone, and jobs that wait for what is discarded hear of it at once. Default false.",
  );
/** The body that discards one job. */
export const discardBody = z.strictObject({ forGood: forGood.optional() }).optional();

/** The body that starts an operation, or with `dryRun` says what it would do. */
export const operationBody = z
  .strictObject({
    action: z.enum(operationActions),
    filter: filterSchema.describe('Which jobs; at least one field.'),
    dryRun: z.boolean().default(false).describe('True: nothing is changed, the answer is a count and samples.'),
    forGood: forGood.optional(),
    stages: z
      .array(stageSize)
      .min(1)
      .max(20)
      .optional()
      .describe('How many jobs a redrive moves before it waits for their end. Default: 1, 10, 10%, all.'),
    stopAbove: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(`A redrive stops when a larger share of a stage is dead again. Default ${defaultStopAbove}.`),
  })
  .meta({ id: 'NewOperation' });

const stageSchema = z.object({
  size: z.union([z.int(), z.string()]),
  moved: count,
  watched: count.describe('Jobs whose end is watched: all, in a stage of all the rest a sample.'),
  succeeded: count,
  cancelled: count,
  dead: count.describe('Dead again.'),
  sameError: count.describe('Of those, with the error that they had before.'),
});

/** An operation on the wire. */
export const operationSchema = z
  .object({
    id: idSchema,
    action: z.enum(operationActions),
    forGood: z.boolean(),
    filter: filterSchema,
    actor: z.string(),
    status: z.enum(operationStatuses),
    reason: z.string().nullable(),
    stopAbove: z.number(),
    matched: count.nullable().describe('Null until they were counted.'),
    capped: z.boolean().describe('True: `matched` is a lower bound.'),
    moved: count,
    undone: count,
    stage: count.describe('Position of the present stage, from 0.'),
    stages: z.array(stageSchema),
    createdAt: time,
    finishedAt: time.nullable(),
    undoableUntil: time.nullable(),
  })
  .meta({ id: 'Operation' });

interface CallParts {
  massOperations: MassOperations;
  db: Queryable;
  logger: Logger;
}

/** Starts an operation; the audit names the fields of the payload that it filters by, not their values. */
export function startOperation(parts: CallParts, request: OperationRequest, actor: string): Promise<Operation> {
  const { action, filter, forGood, stages } = request;
  const shown = {
    ...filter,
    ...(filter.payload && { payload: Object.keys(filter.payload) }),
    ...(filter.ids && { ids: filter.ids.length }),
  };
  const detail = JSON.parse(JSON.stringify({ filter: shown, forGood, stages })) as Json;
  const entry = { actor, action: `operation.${action}`, target: 'operations', detail };
  return audited(parts, entry, async (auditId) => {
    const operation = await parts.massOperations.start(request, actor);
    await parts.db.query('update twolane.audit set target = $2 where id = $1', [auditId, operation.id]);
    return operation;
  });
}

/** Aborts an operation, or brings back what it discarded. */
export function steerOperation(parts: CallParts, how: 'abort' | 'undo', id: string, actor: string): Promise<Operation> {
  const entry = { actor, action: `operation.${how}`, target: id };
  return audited(parts, entry, () => parts.massOperations[how](id, actor));
}

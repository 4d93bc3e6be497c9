/** GET /v1/queues, the two switches of a queue, and what it may take. */
import { z } from 'zod';
import { refusalCodes } from '../../contract/errors.ts';
import { laneNames, type QueuePath, queuePath } from '../../contract/words.ts';
import { audited } from '../../http/audit.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const count = z.int().min(0);
const queueSchema = z
  .object({
    lane: z.enum(laneNames),
    queue: z.string(),
    paused: z.boolean(),
    held: z.boolean().describe('The broker holds as much as it should; the rest waits in the ledger.'),
    maxAgeMs: z.int().nullable().describe('Set by an operator; null: as the configuration says.'),
    refusing: z
      .object({ code: z.enum(refusalCodes), retryAfterS: z.int() })
      .nullable()
      .describe('Why new jobs are refused, and when to try again.'),
    counts: z.object({
      blocked: count,
      scheduled: count,
      waiting: count,
      queued: count,
      running: count,
      dead: count,
    }),
    oldestMs: z.number().nullable().describe('Age of the oldest job that could run and has not started.'),
    enqueuedPerS: z.number(),
    finishedPerS: z.number(),
    failedPerS: z.number(),
    p50RunMs: z.number().nullable(),
    p95RunMs: z.number().nullable(),
    p50WaitMs: z.number().nullable(),
    p95WaitMs: z.number().nullable(),
    budgetMs: z.number().nullable().describe('The tightest latency budget of its job types.'),
    burn1m: z.number().nullable().describe('How fast it burns: 1 when 5 % of the starts of a minute are late.'),
    burn1h: z.number().nullable(),
    workers: count,
    concurrency: count,
    broker: z.object({ ready: count, unacked: count }).nullable(),
    backlogMs: count.describe('How long the workers of now need for what waits and is queued: what to scale by.'),
    spark: z.array(z.number()).describe('Finished jobs in the last 30 periods of 10 s.'),
  })
  .meta({ id: 'Queue' });

export function listQueues({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/queues',
    tag: 'queues',
    summary: 'Every queue of both lanes with its counts',
    access: 'key',
    scope: 'queues:read',
    answer: { status: 200, description: 'All queues.', schema: z.object({ items: z.array(queueSchema) }) },
    handle: async () => ({ body: { items: await operations.queues() } }),
  });
}

export const pauseQueue = (deps: ApiDeps) => switchRoute(deps, 'pause', 'Stop starting jobs of a queue');
export const resumeQueue = (deps: ApiDeps) => switchRoute(deps, 'resume', 'Start jobs of a paused queue again');

const params = z.object({ lane: z.enum(laneNames), queue: z.string().max(64) });

/** The path of a queue that the catalog mentions; 404 otherwise. */
function knownQueue({ catalog }: ApiDeps, { lane, queue }: z.output<typeof params>): QueuePath {
  if (Object.values(catalog).some((job) => job.lane === lane && job.queue === queue)) return queuePath(lane, queue);
  throw notFound('queue');
}

function switchRoute(deps: ApiDeps, action: 'pause' | 'resume', summary: string): Route {
  return route({
    method: 'post',
    path: `/v1/queues/:lane/:queue/${action}`,
    tag: 'queues',
    summary,
    access: 'key',
    scope: 'queues:operate',
    params,
    answer: {
      status: 202,
      description: 'Done; dispatchers and workers act on it within a second.',
      schema: params.extend({ paused: z.boolean() }),
    },
    async handle({ params, actor }) {
      const target = knownQueue(deps, params);
      await audited(deps, { actor: actor.name, action, target }, () => deps.operations[action](target));
      return { body: { ...params, paused: action === 'pause' } };
    },
  });
}

export function limitQueue(deps: ApiDeps): Route {
  const body = z.strictObject({
    maxAgeMs: z
      .int()
      .min(1)
      .nullable()
      .describe('New jobs are refused with 429 while the oldest one waits longer; null: as the configuration says.'),
  });
  return route({
    method: 'patch',
    path: '/v1/queues/:lane/:queue',
    tag: 'queues',
    summary: 'Say how long jobs of a queue may wait before it takes no more',
    access: 'key',
    scope: 'queues:operate',
    params,
    body,
    answer: { status: 200, description: 'Judged anew within a second.', schema: params.extend(body.shape) },
    async handle({ params, body: { maxAgeMs }, actor }) {
      const target = knownQueue(deps, params);
      const entry = { actor: actor.name, action: 'set-max-age', target, detail: { maxAgeMs } };
      await audited(deps, entry, () => deps.operations.setMaxAge(target, maxAgeMs));
      return { body: { ...params, maxAgeMs } };
    },
  });
}

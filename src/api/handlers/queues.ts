/** GET /v1/queues and the two switches of a queue. */
import { z } from 'zod';
import { laneNames, queuePath } from '../../contract/words.ts';
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
    p95RunMs: z.number().nullable(),
    p95WaitMs: z.number().nullable(),
    workers: count,
    concurrency: count,
    broker: z.object({ ready: count, unacked: count }).nullable(),
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

function switchRoute({ operations, catalog }: ApiDeps, action: 'pause' | 'resume', summary: string): Route {
  const known = new Set(Object.values(catalog).map((job) => queuePath(job.lane, job.queue)));
  return route({
    method: 'post',
    path: `/v1/queues/:lane/:queue/${action}`,
    tag: 'queues',
    summary,
    access: 'key',
    scope: 'queues:operate',
    params: z.object({ lane: z.enum(laneNames), queue: z.string().max(64) }),
    answer: {
      status: 202,
      description: 'Done; dispatchers and workers act on it within a second.',
      schema: z.object({ lane: z.enum(laneNames), queue: z.string(), paused: z.boolean() }),
    },
    async handle({ params: { lane, queue } }) {
      const path = queuePath(lane, queue);
      if (!known.has(path)) throw notFound('queue');
      await operations[action](path);
      return { body: { lane, queue, paused: action === 'pause' } };
    },
  });
}

/** /v1/workers: the live processes of the fleet, and asking one to end. */
import { z } from 'zod';
import { audited } from '../../http/audit.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const workerSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    role: z.string(),
    version: z.string(),
    startedAt: z.iso.datetime(),
    heartbeatAt: z.iso.datetime(),
    queues: z.array(
      z.object({
        queue: z.string(),
        concurrency: z.int(),
        silentMs: z.number().describe('Since the consumer was last given anything, or could not take more.'),
        late: z.string().nullable().describe('What is wrong with the consumer.'),
        rebuilds: z.int().describe('How often it was made anew.'),
      }),
    ),
    knows: z.record(z.string(), z.int()).describe('Job types that it can run, with the highest version of each.'),
    running: z.int(),
    memoryBytes: z.int(),
    draining: z.boolean().describe('It takes no more jobs and ends when those that it runs are done.'),
    drainRequestedAt: z.iso.datetime().nullable().describe('When an operator asked for that.'),
  })
  .meta({ id: 'Worker' });

export function listWorkers({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/workers',
    tag: 'queues',
    summary: 'The worker processes that are alive',
    access: 'key',
    scope: 'queues:read',
    answer: { status: 200, description: 'All of them.', schema: z.object({ items: z.array(workerSchema) }) },
    handle: async () => ({ body: { items: await operations.workers() } }),
  });
}

export function drainWorker(deps: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/workers/:id/drain',
    tag: 'queues',
    summary: 'Ask a worker process to take no more jobs and to end; it obeys with its next heartbeat',
    access: 'key',
    scope: 'queues:operate',
    params: z.object({ id: z.string().regex(/^\d{1,9}$/, 'is no id of a worker') }),
    answer: {
      status: 202,
      description: 'It is asked; asking again changes nothing.',
      schema: z.object({ id: z.string(), draining: z.literal(true) }),
    },
    async handle({ params: { id }, actor }) {
      const entry = { actor: actor.name, action: 'drain', target: `worker:${id}` };
      await audited(deps, entry, () => deps.operations.drain(id));
      return { body: { id, draining: true as const } };
    },
  });
}

/** GET /v1/workers: the live processes of the fleet. */
import { z } from 'zod';
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
    queues: z.array(z.object({ queue: z.string(), concurrency: z.int() })),
    running: z.int(),
    memoryBytes: z.int(),
    draining: z.boolean(),
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

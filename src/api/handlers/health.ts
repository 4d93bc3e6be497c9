/** GET /healthz and /readyz: is the process alive, and would what is asked of it be done. */
import { z } from 'zod';
import { laneNames } from '../../contract/words.ts';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { HealthDeps } from '../deps.ts';
import { readReadiness, unservedBecause } from '../readiness.ts';

export function healthz() {
  return route({
    method: 'get',
    path: '/healthz',
    tag: 'system',
    summary: 'Alive: the process answers',
    access: 'open',
    answer: { status: 200, description: 'Alive.', schema: z.object({ status: z.literal('ok') }) },
    handle: async () => ({ body: { status: 'ok' }, headers: { 'cache-control': 'no-store' } }),
  });
}

const laneSchema = z.object({ lane: z.enum(laneNames), up: z.boolean(), server: z.string(), detail: z.string() });

const readinessSchema = z.object({
  status: z.enum(['ready', 'degraded']),
  degraded: z.array(z.enum(laneNames)),
  lanes: z.array(laneSchema.partial({ server: true, detail: true })),
  late: z
    .array(
      z.object({
        worker: z.string(),
        queue: z.string(),
        silentMs: z.number(),
        why: z.string(),
        rebuilds: z.int().describe('How often this consumer was made anew.'),
      }),
    )
    .describe('Consumers that should have been given something and were not.'),
  unserved: z.array(z.string()).describe('Queues without a consumer that works.'),
});

const needsSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(laneNames)))
  .optional()
  .describe('Lanes that must serve, `realtime,bulk`: 503 when a broker is down or a queue has no consumer that works.');

/**
 * Ready when the ledger can be reached and is migrated, and when what this process consumes is really consumed. A broker
 * that is down only degrades a process without workers: jobs are accepted and wait in the ledger.
 */
export function readyz(deps: HealthDeps) {
  return route({
    method: 'get',
    path: '/readyz',
    tag: 'system',
    summary: 'Ready: the ledger is there, so that every POST is safe, and the consumers of this process work',
    access: 'open',
    query: z.object({ needs: needsSchema }),
    answer: {
      status: 200,
      description: 'Ready; `degraded` names the lanes with a broker that is down or a consumer that is late.',
      schema: readinessSchema,
    },
    async handle({ query }) {
      const readiness = await readReadiness(deps);
      const problems = unservedBecause(readiness, query.needs ?? [], deps.consumers());
      if (problems.length > 0)
        throw new Problem(503, 'not_serving', 'Work would not be done', `${problems.join('. ')}.`, {
          headers: { 'retry-after': '5' },
          members: { ...readiness },
        });
      const status = readiness.degraded.length ? 'degraded' : 'ready';
      return { body: { status, ...readiness }, headers: { 'cache-control': 'no-store' } };
    },
  });
}

/** GET /v1/pauses, and the switches of a job type and of a key. */
import { z } from 'zod';
import { audited } from '../../http/audit.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const pauseSchema = z
  .object({
    kind: z.enum(['queue', 'type', 'key']),
    name: z.string().describe("A queue's path, a job type or a key."),
    since: z.iso.datetime(),
  })
  .meta({ id: 'Pause' });

const shared = { tag: 'queues', access: 'key', scope: 'queues:operate' } as const;
const description = 'Done; dispatchers and workers act on it within a second. What was paused comes back in steps.';

export function listPauses({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/pauses',
    tag: 'queues',
    summary: 'Every queue, job type and key that is paused',
    access: 'key',
    scope: 'queues:read',
    answer: {
      status: 200,
      description: 'All of them, the newest first.',
      schema: z.object({ items: z.array(pauseSchema) }),
    },
    handle: async () => ({ body: { items: await operations.pauses() } }),
  });
}

/** Both switches of a job type and both of a key. */
export function pauseRoutes(deps: ApiDeps): readonly Route[] {
  const actions = ['pause', 'resume'] as const;
  return [...actions.map((action) => switchType(deps, action)), ...actions.map((action) => switchKey(deps, action))];
}

function switchType(deps: ApiDeps, action: 'pause' | 'resume'): Route {
  return route({
    ...shared,
    method: 'post',
    path: `/v1/job-types/:type/${action}`,
    summary: action === 'pause' ? 'Stop starting jobs of a type' : 'Start jobs of a paused type again',
    params: z.object({ type: z.string().max(64) }),
    answer: { status: 202, description, schema: z.object({ type: z.string(), paused: z.boolean() }) },
    async handle({ params: { type }, actor }) {
      if (!Object.hasOwn(deps.catalog, type)) throw notFound('job type');
      const entry = { actor: actor.name, action, target: `type:${type}` };
      await audited(deps, entry, () => deps.operations[action]({ type }));
      return { body: { type, paused: action === 'pause' } };
    },
  });
}

function switchKey(deps: ApiDeps, action: 'pause' | 'resume'): Route {
  return route({
    ...shared,
    method: 'post',
    path: `/v1/keys/:key/${action}`,
    summary: action === 'pause' ? 'Stop starting jobs of a key, of whatever type' : 'Start jobs of a paused key again',
    params: z.object({ key: z.string().min(1).max(200) }),
    answer: { status: 202, description, schema: z.object({ key: z.string(), paused: z.boolean() }) },
    async handle({ params: { key }, actor }) {
      await audited(deps, { actor: actor.name, action, target: `key:${key}` }, () => deps.operations[action]({ key }));
      return { body: { key, paused: action === 'pause' } };
    },
  });
}

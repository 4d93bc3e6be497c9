/** GET /v1/flows/:id: the jobs of a flow with their states and what each waits for. */
import { idParams } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { flowViewSchema } from '../flow-schema.ts';
import { heldFlow } from '../held.ts';

export function getFlow({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/flows/:id',
    tag: 'jobs',
    summary: 'A flow, by its id or that of any of its jobs',
    access: 'key',
    scope: 'jobs:read',
    tenant: heldFlow(operations),
    params: idParams,
    answer: { status: 200, description: 'Its jobs, children before their parents.', schema: flowViewSchema },
    async handle({ params, actor }) {
      const flow = await operations.flow(params.id);
      const own = actor.userId === undefined || flow?.jobs.every((job) => job.owner === actor.userId);
      if (!flow || !own) throw notFound('flow');
      return { body: flow };
    },
  });
}

/** GET /v1/jobs/:id: everything for an API key, the state for the job's user. */
import { z } from 'zod';
import { idParams } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';
import { ownView, seesAll, visibleJob } from '../own-job.ts';
import { detailSchema, ownJobSchema } from '../schemas.ts';

export function getJob({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id',
    tag: 'jobs',
    summary: 'One job: all of it with an API key, its state for its user',
    access: 'either',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    answer: { status: 200, description: 'The job.', schema: z.union([detailSchema, ownJobSchema]) },
    async handle({ params, actor }) {
      const job = await visibleJob(operations, params.id, actor);
      const estimate = await operations.estimate(job);
      return { body: seesAll(actor) ? { ...job, ...estimate } : ownView(job, estimate) };
    },
  });
}

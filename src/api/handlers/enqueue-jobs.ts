/** POST /v1/jobs/bulk: up to 10,000 jobs, all or nothing. */
import { z } from 'zod';
import { withinTenant } from '../../http/auth/tenant.ts';
import { contextOf } from '../../http/context.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { pointingUnder, publicJob } from '../new-job.ts';
import { enqueuedSchema, newJobSchema } from '../schemas.ts';

const mostBytes = 32 * 1024 * 1024;

export function enqueueJobs({ catalog, enqueuer }: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/jobs/bulk',
    tag: 'jobs',
    summary: 'Enqueue up to 10,000 jobs, all or nothing',
    access: 'key',
    scope: 'jobs:write',
    tenant: 'own',
    body: z.strictObject({ jobs: z.array(newJobSchema).min(1).max(10_000) }),
    bodyLimitBytes: mostBytes,
    answer: {
      status: 202,
      description: 'All accepted, in the order given.',
      schema: z.object({ jobs: z.array(enqueuedSchema) }),
    },
    async handle({ body, req, actor }) {
      const { traceparent } = contextOf(req);
      const items = body.jobs.map(({ type, payload, options }, index) => ({
        job: publicJob(catalog, type, `/jobs/${index}`),
        payload,
        options: { ...options, tenant: withinTenant(actor, options?.tenant), traceparent },
      }));
      return { body: { jobs: await enqueuer.enqueueMany(items).catch(pointingUnder('/jobs')) } };
    },
  });
}

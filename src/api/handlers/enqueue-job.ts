/** POST /v1/jobs: one job of any public type. */
import { withinTenant } from '../../http/auth/tenant.ts';
import { contextOf } from '../../http/context.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { bodyLimitOf, keyOfHeader, pointingUnder, publicJob } from '../new-job.ts';
import { enqueuedSchema, newJobSchema } from '../schemas.ts';

/**
 * The header Idempotency-Key makes the answer repeatable. Without `options.idempotencyKey` the job also gets a key made
 * of the caller and the header, so that not even a crash between the commit and the answer leads to a second job.
 */
export function enqueueJob({ catalog, enqueuer, config }: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/jobs',
    tag: 'jobs',
    summary: 'Enqueue a job',
    access: 'key',
    scope: 'jobs:write',
    tenant: 'own',
    body: newJobSchema,
    bodyLimitBytes: bodyLimitOf(config),
    answer: { status: 202, description: 'Accepted: it is in the ledger and will run.', schema: enqueuedSchema },
    async handle(call) {
      const { type, payload, options } = call.body;
      const job = publicJob(catalog, type, '');
      const tenant = withinTenant(call.actor, options?.tenant);
      const keyed = { ...options, tenant, idempotencyKey: options?.idempotencyKey ?? keyOfHeader(call) };
      const traced = { ...keyed, traceparent: contextOf(call.req).traceparent };
      const enqueued = await enqueuer.enqueue(job, payload, traced).catch(pointingUnder('/payload'));
      return { body: enqueued, headers: { location: `/v1/jobs/${enqueued.id}` } };
    },
  });
}

/** POST /v1/flows: jobs that wait for each other, all or none. */
import { z } from 'zod';
import { withinTenant } from '../../http/auth/tenant.ts';
import { contextOf } from '../../http/context.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { enqueuedFlowSchema, flowPartSchema, toFlow } from '../flow-schema.ts';
import { keyOfHeader, pointingUnder } from '../new-job.ts';

const mostBytes = 8 * 1024 * 1024;

export function enqueueFlow({ catalog, enqueuer }: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/flows',
    tag: 'jobs',
    summary: 'Enqueue a flow of up to 1,000 jobs, all or none',
    access: 'key',
    scope: 'jobs:write',
    tenant: 'own',
    body: z.strictObject({
      flow: flowPartSchema,
      tenant: z.string().min(1).max(64).optional().describe('For jobs that name none.'),
      idempotencyKey: z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe('The same key within 24 h answers the first flow.'),
    }),
    bodyLimitBytes: mostBytes,
    answer: { status: 202, description: 'All accepted.', schema: enqueuedFlowSchema },
    async handle(call) {
      const { flow, idempotencyKey = keyOfHeader(call) } = call.body;
      const within = (asked: string | undefined) => withinTenant(call.actor, asked);
      const tenant = within(call.body.tenant);
      const { traceparent } = contextOf(call.req);
      const enqueued = await enqueuer
        .enqueueFlow(toFlow(catalog, flow, '/flow', within), { tenant, idempotencyKey, traceparent })
        .catch(pointingUnder('/flow'));
      return { body: enqueued, headers: { location: `/v1/flows/${enqueued.id}` } };
    },
  });
}

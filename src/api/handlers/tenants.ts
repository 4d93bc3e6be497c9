/** GET /v1/tenants and PUT /v1/tenants/:tenant: how large each tenant's share of the queues is. */
import { z } from 'zod';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const weight = z
  .int()
  .min(1)
  .max(100)
  .describe(
    'So many of its jobs for one of a tenant of weight 1, while both have jobs waiting. The usual weight is 1.',
  );
const tenantSchema = z.object({ tenant: z.string(), weight }).meta({ id: 'Tenant' });

export function listTenants({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/tenants',
    tag: 'queues',
    summary: 'Tenants with another weight than 1',
    access: 'key',
    scope: 'queues:read',
    answer: { status: 200, description: 'By name.', schema: z.object({ items: z.array(tenantSchema) }) },
    handle: async () => ({ body: { items: await operations.tenants() } }),
  });
}

export function weighTenant({ operations }: ApiDeps) {
  return route({
    method: 'put',
    path: '/v1/tenants/:tenant',
    tag: 'queues',
    summary: 'Set the weight of a tenant',
    access: 'key',
    scope: 'queues:operate',
    params: z.object({ tenant: z.string().min(1).max(64) }),
    body: z.strictObject({ weight }),
    answer: { status: 200, description: 'Counts for jobs that are enqueued from now on.', schema: tenantSchema },
    async handle({ params: { tenant }, body }) {
      await operations.setWeight({ tenant, weight: body.weight });
      return { body: { tenant, weight: body.weight } };
    },
  });
}

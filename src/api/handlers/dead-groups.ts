/** GET /v1/dead: dead jobs grouped by what killed them. */
import { z } from 'zod';
import { idSchema } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const groupSchema = z
  .object({
    fingerprint: z.string(),
    type: z.string(),
    message: z.string(),
    count: z.int(),
    lastAt: z.iso.datetime(),
    sampleId: idSchema,
  })
  .meta({ id: 'DeadGroup' });

export function deadGroups({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/dead',
    tag: 'jobs',
    summary: 'Dead jobs by the fingerprint of their error, the newest group first',
    access: 'key',
    scope: 'jobs:read',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    answer: { status: 200, description: 'The groups.', schema: z.object({ items: z.array(groupSchema) }) },
    async handle({ query }) {
      return { body: { items: await operations.deadGroups(query.limit) } };
    },
  });
}

/** GET /v1/dead: dead jobs grouped by what killed them. */
import { z } from 'zod';
import { laneNames } from '../../contract/words.ts';
import { idSchema, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const text = z.string().min(1).max(64);
const groupSchema = z
  .object({
    fingerprint: z.string().describe('Filter `GET /v1/jobs` and operations by it.'),
    type: z.string(),
    lane: z.enum(laneNames),
    queue: z.string(),
    count: z.int(),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    sampleId: idSchema.describe('The youngest of its jobs.'),
    message: z.string(),
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
    tenant: 'own',
    query: z.strictObject({
      ...pageQuery,
      type: text.optional(),
      lane: z.enum(laneNames).optional(),
      queue: text.optional(),
      since: z.iso.datetime({ offset: true }).optional().describe('Groups in which a job died at or after.'),
    }),
    answer: { status: 200, description: 'A page of groups.', schema: pageOf(groupSchema) },
    async handle({ query: { limit, cursor, ...filter }, actor }) {
      return { body: await operations.deadGroups({ ...filter, tenant: actor.tenant }, { limit, cursor }) };
    },
  });
}

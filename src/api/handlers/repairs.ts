/** GET /v1/repairs: what the platform found wrong with its own books and put right. */
import { z } from 'zod';
import { laneNames } from '../../contract/words.ts';
import { idSchema, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const repairSchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z
      .string()
      .describe(
        '`lost`, `settled_twice`, `orphaned`, `unblocked`, `abandoned`, `freed`, `republished` or `counters`; more may come.',
      ),
    lane: z.enum(laneNames).nullable(),
    queue: z.string().nullable(),
    jobs: z.int(),
    jobIds: z.array(idSchema).describe('Up to 100 of them.'),
    detail: z.string(),
  })
  .meta({ id: 'Repair' });

export function listRepairs({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/repairs',
    tag: 'queues',
    summary: 'What was found wrong and put right, the newest first',
    access: 'key',
    scope: 'queues:read',
    query: z.object({ ...pageQuery, cursor: idSchema.optional().describe('`nextCursor` of the page before.') }),
    answer: { status: 200, description: 'A page of repairs.', schema: pageOf(repairSchema) },
    handle: async ({ query }) => ({ body: await operations.repairs(query) }),
  });
}

/** GET /v1/jobs/:id/audit: who did what to a job, and what its payload was before. */
import { z } from 'zod';
import { idParams } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';
import { visibleJob } from '../own-job.ts';

const changeSchema = z
  .object({
    at: z.iso.datetime(),
    actor: z.string().nullable().describe('Null for an edit made through the library.'),
    action: z.string(),
    detail: z.unknown().describe('For an edit, `edited` points to the fields that changed.'),
    outcome: z.string().nullable().describe('`done`, or the code of the refusal.'),
    previousPayload: z.unknown().describe('What an edit replaced; kept as long as the job.'),
    previousPayloadFile: z
      .object({ bytes: z.int(), sha256: z.string() })
      .optional()
      .describe('Of a large one only this is kept.'),
  })
  .meta({ id: 'AuditedChange' });

export function jobAudit({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/audit',
    tag: 'jobs',
    summary: 'What operators and keys did to a job, the newest first',
    access: 'key',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    answer: { status: 200, description: 'Up to 500.', schema: z.object({ items: z.array(changeSchema) }) },
    async handle({ params, actor }) {
      await visibleJob(operations, params.id, actor);
      return { body: { items: await operations.changes(params.id) } };
    },
  });
}

/** GET /v1/jobs/:id/logs: what the handler wrote with `ctx.log`. */
import { z } from 'zod';
import { idParams, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';
import { visibleJob } from '../own-job.ts';

const lineSchema = z
  .object({
    at: z.iso.datetime(),
    attempt: z.int(),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'JobLogLine' });

export function jobLogs({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/logs',
    tag: 'jobs',
    summary: 'The log lines of one job, oldest first',
    access: 'key',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    query: z.strictObject({
      ...pageQuery,
      cursor: z
        .string()
        .regex(/^\d{1,18}$/, 'is not one that this list gave out')
        .optional(),
    }),
    answer: { status: 200, description: 'A page of lines.', schema: pageOf(lineSchema) },
    async handle({ params, query, actor }) {
      await visibleJob(operations, params.id, actor);
      return { body: await operations.logs(params.id, query) };
    },
  });
}

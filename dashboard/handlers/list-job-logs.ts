/** The lines that a job's handler wrote, in their order. */
import { z } from 'zod';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const listJobLogs = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/logs',
    tag,
    summary: 'The log of one job',
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(200),
      cursor: z.string().max(500).optional(),
    }),
    answer: { status: 200, description: '`{items, nextCursor}`' },
    handle: async ({ params, query }) => ({ body: await operations.logs(params.id, query) }),
  });

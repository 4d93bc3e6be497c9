/** Dead jobs, gathered by what went wrong. */
import { z } from 'zod';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const listDeadGroups = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/dead',
    tag,
    summary: 'Dead jobs by error',
    access: 'operator',
    scope: 'jobs:read',
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
    answer: { status: 200, description: '`{items, nextCursor}`, the newest group first' },
    handle: async ({ query }) => ({ body: await operations.deadGroups({}, query) }),
  });

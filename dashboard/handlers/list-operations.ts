/** The newest changes to many jobs, and how far each is. */
import { z } from 'zod';
import { pageQuery } from '../../src/http/page.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const listOperations = ({ massOperations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/operations',
    tag,
    summary: 'Operations, the newest first',
    access: 'operator',
    scope: 'jobs:read',
    query: z.object(pageQuery),
    answer: { status: 200, description: '`{items, nextCursor}`' },
    handle: async ({ query }) => ({ body: await massOperations.list(query) }),
  });

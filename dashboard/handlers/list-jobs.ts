/** A page of jobs that fit a filter, the newest first. */
import { type Route, route } from '../../src/http/route.ts';
import { listQuery, toJobFilter } from '../filter.ts';
import { type Services, tag } from '../services.ts';

export const listJobs = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs',
    tag,
    summary: 'Jobs that fit a filter',
    access: 'operator',
    scope: 'jobs:read',
    query: listQuery,
    answer: { status: 200, description: '`{items, nextCursor}`' },
    handle: async ({ query }) => ({
      body: await operations.list(toJobFilter(query), { limit: query.limit, cursor: query.cursor }),
    }),
  });

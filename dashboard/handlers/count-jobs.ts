/** How the newest jobs that fit a filter spread over states, types and queues: the facets beside the list. */
import type { JobSummary } from '../../src/contract/job-view.ts';
import { type Route, route } from '../../src/http/route.ts';
import { listQuery, toJobFilter } from '../filter.ts';
import { type Services, tag } from '../services.ts';

/** So many of the newest are looked at, whatever fits. */
const looked = 500;

export interface Facets {
  counted: number;
  /** There are more than were counted. */
  capped: boolean;
  /** By the word of the filter, the most frequent value first. */
  facets: Record<'state' | 'type' | 'queue', { value: string; count: number }[]>;
}

export const countJobs = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/facets',
    tag,
    summary: 'How jobs that fit a filter spread',
    access: 'operator',
    scope: 'jobs:read',
    query: listQuery,
    answer: { status: 200, description: '`{counted, capped, facets}`' },
    async handle({ query }) {
      const { items, nextCursor } = await operations.list(toJobFilter(query), { limit: looked });
      const facets = { state: spread(items, 'state'), type: spread(items, 'type'), queue: spread(items, 'queue') };
      const body: Facets = { counted: items.length, capped: nextCursor !== null, facets };
      return { body };
    },
  });

const mostValues = 8;

function spread(jobs: readonly JobSummary[], field: 'state' | 'type' | 'queue') {
  const counts = new Map<string, number>();
  for (const job of jobs) counts.set(job[field], (counts.get(job[field]) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
    .slice(0, mostValues);
}

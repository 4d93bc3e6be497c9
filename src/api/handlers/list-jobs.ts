/** GET /v1/jobs: jobs by what they are, newest first. */
import { z } from 'zod';
import type { JobFilter } from '../../contract/job-view.ts';
import { jobStates } from '../../contract/state.ts';
import { laneNames } from '../../contract/words.ts';
import { withinTenant } from '../../http/auth/tenant.ts';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { summarySchema } from '../schemas.ts';
import { parseSearch } from '../search-query.ts';

const time = z.iso.datetime({ offset: true });
const text = z.string().min(1).max(255);
const query = z.strictObject({
  ...pageQuery,
  type: text.optional(),
  lane: z.enum(laneNames).optional(),
  queue: text.optional(),
  state: z.enum(jobStates).optional(),
  key: text.optional(),
  tenant: text.optional(),
  owner: text.optional(),
  schedule: text.optional().describe('Enqueued by this schedule.'),
  code: text.optional().describe('Of the error of dead jobs.'),
  fingerprint: text.optional().describe('Of a group of dead jobs.'),
  since: time.optional().describe('Enqueued at or after.'),
  until: time.optional().describe('Enqueued before.'),
  q: z.string().max(1_000).optional().describe('Qualified search: `payload.userId:"42" error:ECONNREFUSED`.'),
});

export function listJobs({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs',
    tag: 'jobs',
    summary: 'Find jobs, newest first',
    access: 'key',
    scope: 'jobs:read',
    tenant: 'own',
    query,
    answer: {
      status: 200,
      description: 'A page of jobs; fewer than `limit` with a `nextCursor` where so many were looked through.',
      schema: pageOf(summarySchema),
    },
    async handle({ query: { limit, cursor, q, ...fields }, actor }) {
      const filter: JobFilter = { ...(q === undefined ? {} : parseSearch(q)), ...fields };
      const tenant = withinTenant(actor, filter.tenant);
      return { body: await operations.list({ ...filter, tenant }, { limit, cursor }) };
    },
  });
}

/** What was done to a job, with the payloads that edits replaced. */
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const listChanges = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/changes',
    tag,
    summary: 'What was done to a job',
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: '`{items}`, the newest first' },
    handle: async ({ params }) => ({ body: { items: await operations.changes(params.id) } }),
  });

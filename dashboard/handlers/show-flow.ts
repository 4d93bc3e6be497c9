/** The flow that a job belongs to, or null. */
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const showFlow = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/flow',
    tag,
    summary: "A job's flow",
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: '`{flow}`; null when it belongs to none' },
    handle: async ({ params }) => ({ body: { flow: (await operations.flow(params.id)) ?? null } }),
  });

/** Everything that is known about one job. */
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const showJob = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id',
    tag,
    summary: 'One job',
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: 'The job with its attempts' },
    async handle({ params }) {
      const job = await operations.get(params.id);
      if (!job) throw notFound('job');
      return { body: job };
    },
  });

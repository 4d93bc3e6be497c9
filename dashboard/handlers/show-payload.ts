/** The payload of one job, also one that is in the file store: asked for when somebody wants to see it. */
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const showPayload = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/payload',
    tag,
    summary: "A job's payload",
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: 'The payload' },
    async handle({ params }) {
      const payload = await operations.payload(params.id);
      if (payload === undefined) throw notFound('job');
      return { body: payload };
    },
  });

/** The payload of one job with its secret fields in clear, and a line in the audit that says who saw it. */
import { audited } from '../../src/http/audit.ts';
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const revealJob = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/jobs/:id/reveal',
    tag,
    summary: "A job's payload with its secrets",
    access: 'operator',
    scope: 'jobs:reveal',
    params: jobParams,
    answer: { status: 200, description: 'The payload' },
    async handle({ params: { id }, actor }) {
      const payload = await audited(services, { actor: actor.name, action: 'reveal', target: id }, async () => {
        const found = await services.operations.reveal(id);
        if (found === undefined) throw notFound('job');
        return found;
      });
      return { body: payload, headers: { 'cache-control': 'no-store' } };
    },
  });

/** Gives a dead job up. */

import { audited } from '../../src/http/audit.ts';
import { discardBody } from '../../src/http/operation-calls.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const discardJob = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/jobs/:id/discard',
    tag,
    summary: 'Discard a dead job',
    access: 'operator',
    scope: 'jobs:operate',
    params: jobParams,
    body: discardBody,
    answer: { status: 202, description: 'The state that follows' },
    async handle({ params, body, actor }) {
      const entry = {
        actor: actor.name,
        action: 'discard',
        target: params.id,
        detail: body?.forGood ? { forGood: true } : undefined,
      };
      return {
        status: 202,
        body: { state: await audited(services, entry, () => services.operations.discard(params.id, body)) },
      };
    },
  });

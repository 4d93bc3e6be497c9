/** Cancels a job that is not final; a running one is aborted. */

import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const cancelJob = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/jobs/:id/cancel',
    tag,
    summary: 'Cancel a job',
    access: 'operator',
    scope: 'jobs:operate',
    params: jobParams,
    answer: { status: 202, description: 'The state that follows' },
    async handle({ params, actor }) {
      const entry = { actor: actor.name, action: 'cancel', target: params.id };
      const cancel = () => services.operations.cancel(params.id, `by operator ${actor.name}`);
      return { status: 202, body: { state: await audited(services, entry, cancel) } };
    },
  });

/** Makes a job dead again that was discarded a moment ago. */
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export const restoreJob = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/jobs/:id/restore',
    tag,
    summary: 'Restore a discarded job',
    access: 'operator',
    scope: 'jobs:operate',
    params: jobParams,
    answer: { status: 202, description: 'The state that follows' },
    async handle({ params: { id }, actor }) {
      const entry = { actor: actor.name, action: 'restore', target: id };
      return { status: 202, body: { state: await audited(services, entry, () => services.operations.restore(id)) } };
    },
  });

/** Asks a worker process to take no more jobs and to end. */
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag, workerParams } from '../services.ts';

export const drainWorker = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/workers/:id/drain',
    tag,
    summary: 'Drain a worker',
    access: 'operator',
    scope: 'queues:operate',
    params: workerParams,
    answer: { status: 202, description: 'It obeys with its next heartbeat' },
    async handle({ params: { id }, actor }) {
      const entry = { actor: actor.name, action: 'drain', target: `worker:${id}` };
      await audited(services, entry, () => services.operations.drain(id));
      return { status: 202, body: {} };
    },
  });

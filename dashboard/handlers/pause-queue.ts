/** Holds a queue: what runs goes on, nothing new starts. */
import { queuePath } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { queueParams, type Services, tag } from '../services.ts';

export const pauseQueue = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/queues/:lane/:queue/pause',
    tag,
    summary: 'Pause a queue',
    access: 'operator',
    scope: 'queues:operate',
    params: queueParams,
    answer: { status: 204, description: 'Done' },
    async handle({ params, actor }) {
      const target = queuePath(params.lane, params.queue);
      await audited(services, { actor: actor.name, action: 'pause', target }, () => services.operations.pause(target));
      return { status: 204 };
    },
  });

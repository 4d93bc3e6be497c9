/** Lets a paused queue run again. */
import { queuePath } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { queueParams, type Services, tag } from '../services.ts';

export const resumeQueue = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/queues/:lane/:queue/resume',
    tag,
    summary: 'Resume a queue',
    access: 'operator',
    scope: 'queues:operate',
    params: queueParams,
    answer: { status: 204, description: 'Done' },
    async handle({ params, actor }) {
      const target = queuePath(params.lane, params.queue);
      await audited(services, { actor: actor.name, action: 'resume', target }, () =>
        services.operations.resume(target),
      );
      return { status: 204 };
    },
  });

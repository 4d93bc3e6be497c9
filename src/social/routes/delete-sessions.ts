/** `DELETE /v1/sessions`: logs out everywhere. */
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { nextId } from '../ids.ts';
import type { SocialServices } from '../services.ts';

export const deleteSessions = ({ enqueuer, tokens }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/sessions',
    tag: 'users',
    summary: 'Log out everywhere: end every token of the user',
    access: 'user',
    answer: { status: 204, description: 'No token of the user works any more' },
    async handle({ userId, req }) {
      await tokens.revokeAll(userId);
      const { traceparent } = contextOf(req);
      await enqueuer.transaction(async (tx, enqueue) => {
        const event = { kind: 'logged-out', actorId: userId, recipientId: userId, objectId: await nextId(tx) } as const;
        await enqueue(notify, event, { priority: 'urgent', traceparent });
      });
      return { status: 204 };
    },
  });

/** `DELETE /v1/sessions`: logs out everywhere. */
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { nextId } from '../ids.ts';
import type { SocialServices } from '../services.ts';

export const deleteSessions = ({ followUps, tokens }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/sessions',
    tag: 'users',
    summary: 'Log out everywhere: end every token of the user',
    access: 'user',
    answer: { status: 204, description: 'No token of the user works any more' },
    async handle({ userId, req }) {
      const { traceparent } = contextOf(req);
      const spread = await followUps.transaction(async (tx, enqueue) => {
        const event = { kind: 'logged-out', actorId: userId, recipientId: userId, objectId: await nextId(tx) } as const;
        await enqueue(notify, event, { priority: 'urgent', traceparent });
        return tokens.revokeAll(userId, tx);
      });
      await spread();
      return { status: 204 };
    },
  });

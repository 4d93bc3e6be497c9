/** `DELETE /v1/users/:id/follow`: stops following somebody, or waiting to. */
import { hideAccount } from '../../../jobs/realtime/hide-account.job.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { refreshFeed } from '../../../jobs/realtime/refresh-feed.job.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const unfollowUser = ({ enqueuer, follows, privacy }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/users/:id/follow',
    tag: 'users',
    summary: "Stop following a user, or asking to; the user's posts leave your feed at once",
    access: 'user',
    params: userParams,
    answer: { status: 204, description: 'You do not follow the user' },
    async handle({ params: { id }, userId, req }) {
      const { traceparent } = contextOf(req);
      await enqueuer.transaction(async (tx, enqueue) => {
        const ended = await follows.remove(tx, userId, id);
        if (!ended) return;
        const kind = ended === 'follow' ? 'follow' : 'follow-request';
        if (ended === 'follow') await enqueue(refreshFeed, { userIds: [userId] }, { traceparent });
        if (ended === 'follow' && (await privacy.isPrivate(tx, id)))
          await enqueue(hideAccount, { userId: id, fromId: userId }, { traceparent });
        await enqueue(notify, { kind, actorId: userId, recipientId: id, objectId: id }, { traceparent });
      });
      return { status: 204 };
    },
  });

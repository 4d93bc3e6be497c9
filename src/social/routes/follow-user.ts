/** `PUT /v1/users/:id/follow`: follows somebody, or asks a private account to let one do so. */
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { refreshFeed } from '../../../jobs/realtime/refresh-feed.job.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { blocked, notYourself } from '../problems.ts';
import { userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const followUser = ({ abuse, enqueuer, follows, privacy }: SocialServices): Route =>
  route({
    method: 'put',
    path: '/v1/users/:id/follow',
    tag: 'users',
    summary: 'Follow a user, or ask to if the account is private; again changes nothing',
    access: 'user',
    params: userParams,
    answer: {
      status: 204,
      description: 'You follow the user, or wait for an answer: `youFollow` of the profile tells',
    },
    async handle({ params: { id }, userId, actor, req }) {
      const { traceparent } = contextOf(req);
      if (id === userId) throw notYourself('follow');
      await abuse.admit('follow', userId, actor);
      await enqueuer.transaction(async (tx, enqueue) => {
        if (await follows.apart(tx, userId, id)) throw blocked();
        const event = { actorId: userId, recipientId: id, objectId: id };
        if (await privacy.mustAsk(tx, userId, id)) {
          const asked = await privacy.ask(tx, userId, id);
          if (asked) await enqueue(notify, { ...event, kind: 'follow-request' }, { traceparent });
          return;
        }
        if (!(await follows.add(tx, userId, id))) return;
        await enqueue(refreshFeed, { userIds: [userId] }, { traceparent });
        await enqueue(notify, { ...event, kind: 'follow' }, { traceparent });
      });
      return { status: 204 };
    },
  });

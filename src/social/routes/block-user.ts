/** `PUT /v1/users/:id/block`: wants nothing to do with somebody. */
import { refreshFeed } from '../../../jobs/realtime/refresh-feed.job.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { notYourself } from '../problems.ts';
import { userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const blockUser = ({ enqueuer, follows }: SocialServices): Route =>
  route({
    method: 'put',
    path: '/v1/users/:id/block',
    tag: 'users',
    summary: 'Block a user: ends following both ways and hides the posts and comments of each from the other',
    access: 'user',
    params: userParams,
    answer: { status: 204, description: 'The user is blocked' },
    async handle({ params: { id }, userId, req }) {
      const { traceparent } = contextOf(req);
      if (id === userId) throw notYourself('block');
      await enqueuer.transaction(async (tx, enqueue) => {
        if (await follows.block(tx, userId, id)) await enqueue(refreshFeed, { userIds: [userId, id] }, { traceparent });
      });
      return { status: 204 };
    },
  });

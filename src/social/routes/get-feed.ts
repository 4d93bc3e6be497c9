/** `GET /v1/feed`: the posts of those whom the user follows. */
import { type Route, route } from '../../http/route.ts';
import { feedItems } from '../post-view.ts';
import { idPageQuery, postPage } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const getFeed = ({ home, media, presence }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/feed',
    tag: 'feed',
    summary: 'Read your feed, newest first',
    access: 'user',
    query: idPageQuery,
    answer: { status: 200, description: 'A page of posts', schema: postPage },
    async handle({ query, userId }) {
      presence.seen(userId);
      const { items, nextCursor } = await home.page(userId, { limit: query.limit, before: query.cursor });
      return { body: { items: await feedItems(media, items), nextCursor } };
    },
  });

/** `GET /v1/users/:id/posts`: somebody's published posts. */
import { cutPage } from '../../contract/page.ts';
import { type Route, route } from '../../http/route.ts';
import { feedItems } from '../post-view.ts';
import { idPageQuery, postPage, userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const listUserPosts = ({ media, posts }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/users/:id/posts',
    tag: 'posts',
    summary: "List a user's posts, newest first",
    access: 'user',
    params: userParams,
    query: idPageQuery,
    answer: { status: 200, description: 'A page of posts', schema: postPage },
    async handle({ params, query, userId }) {
      const found = await posts.byAuthor(params.id, userId, { limit: query.limit + 1, before: query.cursor });
      const { items, nextCursor } = cutPage(found, query.limit, ({ id }) => id);
      return { body: { items: await feedItems(media, items), nextCursor } };
    },
  });

/** `GET /v1/posts/:id/comments`: what was said under a post. */
import { z } from 'zod';
import { cutPage } from '../../contract/page.ts';
import { pageOf } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { idPageQuery, postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const comment = z.object({ id: z.string(), authorId: z.string(), text: z.string(), createdAt: z.iso.datetime() });

export const listComments = ({ comments, posts }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/posts/:id/comments',
    tag: 'posts',
    summary: 'List the comments on a post, newest first',
    access: 'user',
    params: postParams,
    query: idPageQuery,
    answer: {
      status: 200,
      description: 'A page of comments',
      schema: pageOf(comment),
    },
    async handle({ params: { id }, query, userId }) {
      if (!(await posts.visible(id, userId))) throw notFound('post');
      const found = await comments.page(id, userId, { limit: query.limit + 1, before: query.cursor });
      return { body: cutPage(found, query.limit, ({ id }) => id) };
    },
  });

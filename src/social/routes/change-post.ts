/** `PATCH /v1/posts/:id`: says who may see a post. */
import { z } from 'zod';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { ownPost } from '../own-post.ts';
import { audience, postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const body = z.object({ audience });

export const changePost = ({ changes, posts }: SocialServices): Route =>
  route({
    method: 'patch',
    path: '/v1/posts/:id',
    tag: 'posts',
    summary: 'Say who may see a post; reads obey at once',
    access: 'user',
    params: postParams,
    body,
    answer: { status: 200, description: 'So it is', schema: z.object({ id: z.string(), audience }) },
    async handle({ params: { id }, body: { audience }, userId, req }) {
      const post = await ownPost(posts, id, userId, 'change');
      if (post.state === 'deleted') throw notFound('post');
      await changes.show(id, audience, contextOf(req).traceparent);
      return { body: { id, audience } };
    },
  });

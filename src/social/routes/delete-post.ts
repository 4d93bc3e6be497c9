/** `DELETE /v1/posts/:id`: gone from every read at once; a job cleans the feeds' storage. */
import { z } from 'zod';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { ownPost } from '../own-post.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const deletePost = ({ changes, posts }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/posts/:id',
    tag: 'posts',
    summary: 'Delete a post; again changes nothing',
    access: 'user',
    params: postParams,
    answer: { status: 202, description: 'Nobody can read it any more', schema: z.object({ id: z.string() }) },
    async handle({ params: { id }, userId, req }) {
      await ownPost(posts, id, userId, 'delete');
      await changes.remove(id, contextOf(req).traceparent);
      return { status: 202, body: { id } };
    },
  });

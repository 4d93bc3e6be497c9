/** `DELETE /v1/posts/:id`: gone from every read at once; a job cleans the feeds' storage. */
import { z } from 'zod';
import { retractPost } from '../../../jobs/realtime/retract-post.job.ts';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { notYours } from '../problems.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const deletePost = ({ enqueuer, posts }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/posts/:id',
    tag: 'posts',
    summary: 'Delete a post; again changes nothing',
    access: 'user',
    params: postParams,
    answer: { status: 202, description: 'Nobody can read it any more', schema: z.object({ id: z.string() }) },
    async handle({ params: { id }, userId, req }) {
      const { traceparent } = contextOf(req);
      const post = await posts.find(id);
      if (!post) throw notFound('post');
      if (post.authorId !== userId) throw (await posts.visible(id, userId)) ? notYours() : notFound('post');
      await enqueuer.transaction(async (tx, enqueue) => {
        const before = await posts.remove(tx, id);
        if (before === 'published') await enqueue(retractPost, { postId: id, authorId: userId }, { traceparent });
      });
      return { status: 202, body: { id } };
    },
  });

/** `DELETE /v1/posts/:id/like`: takes a like back. */
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const unlikePost = ({ enqueuer, likes, posts }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/posts/:id/like',
    tag: 'posts',
    summary: 'Take a like back',
    access: 'user',
    params: postParams,
    answer: { status: 204, description: 'You do not like the post' },
    async handle({ params: { id }, userId, req }) {
      const { traceparent } = contextOf(req);
      await enqueuer.transaction(async (tx, enqueue) => {
        const post = await posts.find(id, tx);
        if (!post) throw notFound('post');
        if (!(await likes.remove(tx, id, userId)) || post.authorId === userId) return;
        await enqueue(
          notify,
          { kind: 'like', actorId: userId, recipientId: post.authorId, objectId: id },
          { traceparent },
        );
      });
      return { status: 204 };
    },
  });

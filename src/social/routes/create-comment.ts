/** `POST /v1/posts/:id/comments`: comments on a post. */
import { z } from 'zod';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const createComment = ({ comments, enqueuer, posts }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/posts/:id/comments',
    tag: 'posts',
    summary: 'Comment on a post',
    access: 'user',
    params: postParams,
    body: z.object({ text: z.string().trim().min(1).max(2_200) }),
    answer: { status: 201, description: 'The comment', schema: z.object({ id: z.string() }) },
    async handle({ params, body, userId, req }) {
      const { traceparent } = contextOf(req);
      const id = await enqueuer.transaction(async (tx, enqueue) => {
        const post = await posts.visible(params.id, userId, tx);
        if (!post) throw notFound('post');
        const commentId = await comments.add(tx, post.id, userId, body.text);
        if (post.authorId !== userId) {
          await enqueue(
            notify,
            { kind: 'comment', actorId: userId, recipientId: post.authorId, objectId: post.id },
            { traceparent },
          );
        }
        return commentId;
      });
      return { status: 201, body: { id } };
    },
  });

/** `POST /v1/posts/:id/comments`: comments on a post. */
import { z } from 'zod';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { mostMentions, noteMentions } from '../mentions.ts';
import { postParams, userId as userIdSchema } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const body = z.object({
  text: z.string().trim().min(1).max(2_200).describe('`@name` mentions somebody, who is notified'),
  mentionIds: z
    .array(userIdSchema)
    .max(mostMentions)
    .default([])
    .describe('Who else is mentioned: for products with users and names of their own'),
});

export const createComment = ({ comments, enqueuer, posts }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/posts/:id/comments',
    tag: 'posts',
    summary: 'Comment on a post',
    access: 'user',
    params: postParams,
    body,
    answer: { status: 201, description: 'The comment', schema: z.object({ id: z.string() }) },
    async handle({ params, body: { text, mentionIds }, userId, req }) {
      const { traceparent } = contextOf(req);
      const id = await enqueuer.transaction(async (tx, enqueue) => {
        const post = await posts.visible(params.id, userId, tx);
        if (!post) throw notFound('post');
        const commentId = await comments.add(tx, post.id, userId, text);
        const mentioned = await noteMentions(tx, { commentId, post, authorId: userId, text, userIds: mentionIds });
        const about = { actorId: userId, objectId: post.id };
        for (const recipientId of mentioned)
          await enqueue(notify, { ...about, kind: 'mention', recipientId }, { traceparent });
        // Who is mentioned under a post of his own hears of the comment once.
        if (post.authorId !== userId && !mentioned.includes(post.authorId))
          await enqueue(notify, { ...about, kind: 'comment', recipientId: post.authorId }, { traceparent });
        return commentId;
      });
      return { status: 201, body: { id } };
    },
  });

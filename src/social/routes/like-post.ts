/** `PUT /v1/posts/:id/like`: likes a post. */
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { contextOf } from '../../http/context.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const likePost = ({ abuse, enqueuer, likes, posts }: SocialServices): Route =>
  route({
    method: 'put',
    path: '/v1/posts/:id/like',
    tag: 'posts',
    summary: 'Like a post; again changes nothing',
    access: 'user',
    params: postParams,
    answer: { status: 204, description: 'You like the post' },
    async handle({ params: { id }, userId, actor, req }) {
      const { traceparent } = contextOf(req);
      await abuse.admit('like', userId, actor);
      await enqueuer.transaction(async (tx, enqueue) => {
        const post = await posts.visible(id, userId, tx);
        if (!post) throw notFound('post');
        if (!(await likes.add(tx, id, userId)) || post.authorId === userId) return;
        await enqueue(
          notify,
          { kind: 'like', actorId: userId, recipientId: post.authorId, objectId: id },
          { traceparent },
        );
      });
      return { status: 204 };
    },
  });

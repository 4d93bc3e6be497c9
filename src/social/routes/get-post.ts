/** `GET /v1/posts/:id`: one post, for its author in whatever state. */
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { authorsView, readersView } from '../post-view.ts';
import { postAnswer, postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const getPost = (social: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/posts/:id',
    tag: 'posts',
    summary: 'Read a post',
    access: 'user',
    params: postParams,
    answer: { status: 200, description: 'The post', schema: postAnswer },
    async handle({ params: { id }, userId }) {
      const own = await social.posts.find(id);
      if (own?.authorId === userId && own.state !== 'deleted') return { body: await authorsView(social, own) };
      const post = await social.posts.visible(id, userId);
      if (!post) throw notFound('post');
      return { body: await readersView(social.media, post) };
    },
  });

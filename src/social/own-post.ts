/** Looks up a post that only its author may change. */
import { notFound } from '../http/problem.ts';
import { notYours } from './problems.ts';
import type { Post, PostStore } from './stores/posts.ts';

/** @throws Problem 403 `not_yours`, or 404 where the user may not see it either. A deleted post is answered to its author. */
export async function ownPost(posts: PostStore, id: string, userId: string, what: 'delete' | 'change'): Promise<Post> {
  const post = await posts.find(id);
  if (!post) throw notFound('post');
  if (post.authorId !== userId) throw (await posts.visible(id, userId)) ? notYours(what) : notFound('post');
  return post;
}

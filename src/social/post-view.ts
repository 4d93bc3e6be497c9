/** Posts as the API shows them: with their media, and for their author with what is behind them. */
import type { z } from 'zod';
import type { MediaReader, MediaView } from '../contract/media.ts';
import { mediaFailure } from './feed/media-failure.ts';
import type { feedItem, postAnswer } from './schemas.ts';
import type { SocialServices } from './services.ts';
import type { FanOutStore } from './stores/fan-outs.ts';
import type { Post } from './stores/posts.ts';

/** One item per post, in the order given; the media of all of them are looked up at once. */
export async function feedItems(media: MediaReader, posts: readonly Post[]): Promise<z.output<typeof feedItem>[]> {
  const ids = [...new Set(posts.flatMap((post) => post.mediaIds))];
  const views = new Map((ids.length ? await media.views(ids) : []).map((view) => [view.id, view]));
  return posts.map((post) => toItem(post, ofPost(post, views)));
}

/** A post with its state, as its author sees it. A post whose media failed tells so while its job waits for them. */
export async function authorsView(
  { media, fanOuts }: Pick<SocialServices, 'media' | 'fanOuts'>,
  post: Post,
): Promise<z.output<typeof postAnswer>> {
  const views = await media.views(post.mediaIds);
  const failure = post.state === 'pending' ? mediaFailure(post.mediaIds, views) : post.error;
  return {
    ...toItem(post, views),
    state: post.state === 'published' ? 'published' : failure ? 'failed' : 'pending',
    audience: post.audience,
    ...(failure && { error: failure }),
    jobId: post.jobId,
    ...(post.state === 'published' && { delivery: await deliveryOf(fanOuts, post) }),
  };
}

/** A published post as everybody else sees it. */
export async function readersView(media: MediaReader, post: Post): Promise<z.output<typeof postAnswer>> {
  return { ...toItem(post, await media.views(post.mediaIds)), state: 'published', audience: post.audience };
}

async function deliveryOf(fanOuts: FanOutStore, { id, merged }: Post) {
  const walk = merged ? undefined : await fanOuts.delivery(id);
  if (!walk) return { followers: 0, delivered: 0, pages: 0, pagesDone: 0, finished: merged, merged };
  const { feeds: followers, delivered, pages, pagesDone, ended: finished } = walk;
  return { followers, delivered, pages, pagesDone, finished, merged };
}

function toItem(post: Post, media: MediaView[]): z.output<typeof feedItem> {
  const { id, authorId, caption, createdAt, likeCount, commentCount } = post;
  return { id, authorId, caption, media, createdAt, likeCount, commentCount };
}

function ofPost(post: Post, views: ReadonlyMap<string, MediaView>): MediaView[] {
  return post.mediaIds.flatMap((id) => views.get(id) ?? []);
}

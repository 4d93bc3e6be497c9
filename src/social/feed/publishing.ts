/** The moment a post becomes visible, and the rule by which feeds follow its state. */
import { NonRetryableError } from '../../contract/errors.ts';
import type { FeedStore } from '../../contract/feed-store.ts';
import type { MediaReader } from '../../contract/media.ts';
import type { PostStore } from '../stores/posts.ts';
import { mediaFailure } from './media-failure.ts';

export class Publishing {
  readonly #posts: PostStore;
  readonly #feeds: FeedStore;
  readonly #media: MediaReader;

  constructor(posts: PostStore, feeds: FeedStore, media: MediaReader) {
    this.#posts = posts;
    this.#feeds = feeds;
    this.#media = media;
  }

  /**
   * Publishes a pending post; does nothing when it is published already.
   * @returns false when the post was deleted meanwhile and nothing is left to do.
   * @throws NonRetryableError when the post can't be published any more; the post then tells why.
   */
  async publish(postId: string): Promise<boolean> {
    const post = await this.#posts.find(postId);
    if (!post || post.state === 'deleted') return false;
    if (post.state === 'pending') {
      const failure = mediaFailure(post.mediaIds, await this.#media.views(post.mediaIds));
      if (!failure) return (await this.#posts.publish(postId)) || this.publish(postId);
      await this.#posts.fail(postId, failure);
      throw new NonRetryableError(failure.message, { code: failure.code });
    }
    if (post.state === 'failed') throw new NonRetryableError('The post has failed', { code: 'post_failed' });
    return true;
  }

  /**
   * Brings a published post into feeds, takes a deleted one out. A deletion that comes between the look and the insert
   * is seen by the second look, so that no feed keeps the post.
   */
  async agree(userIds: readonly string[], postId: string): Promise<void> {
    if (await this.#isPublished(postId)) {
      await this.#feeds.insert(userIds, postId);
      if (await this.#isPublished(postId)) return;
    }
    await this.#feeds.remove(userIds, postId);
  }

  async #isPublished(postId: string): Promise<boolean> {
    return (await this.#posts.find(postId))?.state === 'published';
  }
}

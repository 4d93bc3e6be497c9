/** The moment a post becomes visible. */
import { NonRetryableError } from '../../contract/errors.ts';
import type { MediaReader } from '../../contract/media.ts';
import type { PostStore } from '../stores/posts.ts';
import { mediaFailure } from './media-failure.ts';

export class Publishing {
  readonly #posts: PostStore;
  readonly #media: MediaReader;
  readonly #mergedAbove: number;

  /** Posts of authors with more than `mergedAbove` followers are merged into feeds as they are read. */
  constructor(posts: PostStore, media: MediaReader, mergedAbove: number) {
    this.#posts = posts;
    this.#media = media;
    this.#mergedAbove = mergedAbove;
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
      if (!failure) return (await this.#posts.publish(postId, this.#mergedAbove)) || this.publish(postId);
      await this.#posts.fail(postId, failure);
      throw new NonRetryableError(failure.message, { code: failure.code });
    }
    if (post.state === 'failed') throw new NonRetryableError('The post has failed', { code: 'post_failed' });
    return true;
  }
}

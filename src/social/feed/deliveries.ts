/** The rule by which feeds follow the state of a post: whoever writes looks again afterwards. */
import type { FeedStore } from '../../contract/feed-store.ts';
import type { Pass } from '../stores/fan-outs.ts';
import type { FeedPosts } from '../stores/feed-posts.ts';

export class Deliveries {
  readonly #posts: FeedPosts;
  readonly #feeds: FeedStore;

  constructor(posts: FeedPosts, feeds: FeedStore) {
    this.#posts = posts;
    this.#feeds = feeds;
  }

  /**
   * Brings a post into feeds or takes it out of them. Does nothing when the post has changed, so that a later walk does the
   * contrary. A change that comes between the look and the write is seen by the look that follows each write: the last write
   * is in line with the post, however often it changes.
   */
  async carryOut(pass: Pass, userIds: readonly string[], postId: string): Promise<void> {
    if (userIds.length === 0) return;
    let belongs = await this.#belongs(postId);
    if (belongs !== (pass === 'deliver')) return;
    for (;;) {
      await (belongs ? this.#feeds.insert(userIds, postId) : this.#feeds.remove(userIds, postId));
      const now = await this.#belongs(postId);
      if (now === belongs) return;
      belongs = now;
    }
  }

  async #belongs(postId: string): Promise<boolean> {
    return (await this.#posts.placeOf(postId)) === 'written';
  }
}

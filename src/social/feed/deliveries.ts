/** The rule by which feeds follow the state of a post: whoever writes looks again afterwards. */
import type { FeedStore } from '../../contract/feed-store.ts';
import type { Pass } from '../stores/fan-outs.ts';
import type { FeedPosts } from '../stores/feed-posts.ts';

/** Whose feeds are written: a fixed list, or followers, who are asked for again when somebody has left meanwhile. */
export type Readers = readonly string[] | (() => Promise<readonly string[]>);

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
   * is in line with the post, however often it changes, and leaves nothing with those who unfollowed meanwhile.
   * @returns how many feeds were asked for.
   */
  async carryOut(pass: Pass, readers: Readers, postId: string): Promise<number> {
    let seen = await this.#posts.standing(postId);
    if (belongs(seen) !== (pass === 'deliver')) return 0;
    const userIds = await listOf(readers);
    if (userIds.length === 0) return 0;
    for (;;) {
      await (belongs(seen) ? this.#feeds.insert(userIds, postId) : this.#feeds.remove(userIds, postId));
      const now = await this.#posts.standing(postId);
      if (belongs(now) && now.followersLost !== seen.followersLost) await this.#leave(userIds, readers, postId);
      if (belongs(now) === belongs(seen)) return userIds.length;
      seen = now;
    }
  }

  /** An unfollow drops the stored feed, but a read may have made it anew before this post was written into it. */
  async #leave(userIds: readonly string[], readers: Readers, postId: string): Promise<void> {
    const still = new Set(await listOf(readers));
    const gone = userIds.filter((id) => !still.has(id));
    if (gone.length > 0) await this.#feeds.remove(gone, postId);
  }
}

function belongs({ place }: { place: string }): boolean {
  return place === 'written';
}

async function listOf(readers: Readers): Promise<readonly string[]> {
  return typeof readers === 'function' ? readers() : readers;
}

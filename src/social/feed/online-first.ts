/** Gives a post to those followers who are here, before the walk over all of them begins. */
import type { FollowStore } from '../stores/follows.ts';
import type { Deliveries } from './deliveries.ts';
import { followersPerPage } from './follower-walks.ts';
import type { Presence } from './presence.ts';
import { feedsPerCall } from './redis-feed-store.ts';

export interface Delivered {
  postId: string;
  authorId: string;
  /** How many the author has. */
  followers: number;
}

export interface OnlineFirstParts {
  follows: FollowStore;
  presence: Presence;
  deliveries: Deliveries;
}

export class OnlineFirst {
  readonly #parts: OnlineFirstParts;

  constructor(parts: OnlineFirstParts) {
    this.#parts = parts;
  }

  /**
   * Looks through the followers page by page, which takes some milliseconds per 10,000, and writes to those alone who were
   * here when it began: when it is over all of them have the post, and nobody else. May be repeated, or given up at any page:
   * the walk reaches everybody. As many followers as one call to Redis takes get it at one moment, whoever is here.
   */
  async deliver({ postId, authorId, followers }: Delivered, signal: AbortSignal): Promise<void> {
    const { follows, presence, deliveries } = this.#parts;
    const since = presence.since();
    if (followers <= feedsPerCall || !(await presence.any(since))) return;
    for (let after: string | undefined = ''; after !== undefined; ) {
      signal.throwIfAborted();
      let page: string[] = [];
      const range = { after, limit: followersPerPage };
      const here = async () => {
        page = await follows.followers(authorId, range);
        return presence.among(page, since);
      };
      await deliveries.carryOut('deliver', here, postId);
      after = page.length < followersPerPage ? undefined : page.at(-1);
    }
  }
}

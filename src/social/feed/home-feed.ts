/** A user's feed as it is read: ids from the feed store, posts from PostgreSQL, which has the last word on what is shown. */
import { type FeedStore, feedCap } from '../../contract/feed-store.ts';
import type { Post, PostStore } from '../stores/posts.ts';

export interface HomePage {
  items: Post[];
  nextCursor: string | null;
}

export class HomeFeed {
  readonly #feeds: FeedStore;
  readonly #posts: PostStore;

  constructor(feeds: FeedStore, posts: PostStore) {
    this.#feeds = feeds;
    this.#posts = posts;
  }

  /**
   * Newest first. What was deleted, unfollowed or blocked is left out and the page filled up from further down.
   * @param before the id of the last post of the page before.
   */
  async page(userId: string, { limit, before }: { limit: number; before?: string }): Promise<HomePage> {
    const items: Post[] = [];
    let cursor = before;
    while (items.length < limit) {
      const wanted = limit - items.length;
      const ids = await this.#ids(userId, wanted, cursor);
      items.push(...(await this.#posts.forFeed(ids, userId)));
      if (ids.length < wanted) return { items, nextCursor: null };
      cursor = ids.at(-1);
    }
    return { items, nextCursor: cursor ?? null };
  }

  async #ids(userId: string, limit: number, before: string | undefined): Promise<string[]> {
    const stored = await this.#feeds.page(userId, { limit, before });
    if (stored) return stored;
    await this.#feeds.rebuild(userId, () => this.#posts.newestFor(userId, feedCap));
    return (await this.#feeds.page(userId, { limit, before })) ?? this.#ids(userId, limit, before);
  }
}

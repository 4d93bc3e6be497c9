/** A user's feed as it is read: ids from the feed store, posts from PostgreSQL, which has the last word on what is shown. */
import { type FeedStore, feedCap } from '../../contract/feed-store.ts';
import type { Logger } from '../../contract/logger.ts';
import type { IdPage, Post, PostStore } from '../stores/posts.ts';

export interface HomePage {
  items: Post[];
  nextCursor: string | null;
}

export class HomeFeed {
  readonly #feeds: FeedStore;
  readonly #posts: PostStore;
  readonly #logger: Logger;

  constructor(feeds: FeedStore, posts: PostStore, logger: Logger) {
    this.#logger = logger;
    this.#feeds = feeds;
    this.#posts = posts;
  }

  /**
   * Newest first. What was deleted, unfollowed or blocked is left out and the page filled up from further down.
   * @param before the id of the last post of the page before.
   */
  async page(userId: string, { limit, before }: IdPage): Promise<HomePage> {
    const items: Post[] = [];
    let cursor = before;
    while (items.length < limit) {
      const wanted = limit - items.length;
      const ids = await this.#ids(userId, { limit: wanted, before: cursor });
      items.push(...(await this.#posts.forFeed(ids, userId)));
      if (ids.length < wanted) return { items, nextCursor: null };
      cursor = ids.at(-1);
    }
    return { items, nextCursor: cursor ?? null };
  }

  /** While the feed store is out of reach PostgreSQL answers: slower, and the same. */
  async #ids(userId: string, page: IdPage): Promise<string[]> {
    try {
      return await this.#stored(userId, page);
    } catch (error) {
      this.#logger.warn({ error }, 'The feed store can not be reached; feeds are read from PostgreSQL');
      return this.#posts.newestFor(userId, page);
    }
  }

  async #stored(userId: string, page: IdPage): Promise<string[]> {
    const stored = await this.#feeds.page(userId, page);
    if (stored) return stored;
    await this.#feeds.rebuild(userId, () => this.#posts.newestFor(userId, { limit: feedCap }));
    return (await this.#feeds.page(userId, page)) ?? this.#posts.newestFor(userId, page);
  }
}

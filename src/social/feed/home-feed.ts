/**
 * A user's feed as it is read: what was written into it from the feed store, what is merged at read and the last word on what
 * is shown from PostgreSQL.
 */
import { type FeedStore, feedCap } from '../../contract/feed-store.ts';
import type { Logger } from '../../contract/logger.ts';
import { newerFirst } from '../ids.ts';
import type { FeedPosts } from '../stores/feed-posts.ts';
import type { IdPage, Post } from '../stores/posts.ts';

export interface HomePage {
  items: Post[];
  nextCursor: string | null;
}

export class HomeFeed {
  readonly #feeds: FeedStore;
  readonly #posts: Pick<FeedPosts, 'shown' | 'written' | 'merged'>;
  readonly #logger: Logger;

  constructor(feeds: FeedStore, posts: Pick<FeedPosts, 'shown' | 'written' | 'merged'>, logger: Logger) {
    this.#feeds = feeds;
    this.#posts = posts;
    this.#logger = logger;
  }

  /**
   * Newest first. What was deleted, hidden, unfollowed or blocked is left out and the page filled up from further down.
   * @param before the id of the last post of the page before.
   */
  async page(userId: string, { limit, before }: IdPage): Promise<HomePage> {
    const items: Post[] = [];
    let cursor = before;
    while (items.length < limit) {
      const wanted = limit - items.length;
      const ids = await this.#candidates(userId, { limit: wanted, before: cursor });
      if (ids.length > 0) items.push(...(await this.#posts.shown(ids, userId)));
      if (ids.length < wanted) return { items, nextCursor: null };
      cursor = ids.at(-1);
    }
    return { items, nextCursor: cursor ?? null };
  }

  async #candidates(userId: string, page: IdPage): Promise<string[]> {
    const [written, merged] = await Promise.all([this.#written(userId, page), this.#posts.merged(userId, page)]);
    if (merged.length === 0) return written;
    return [...written, ...merged].sort(newerFirst).slice(0, page.limit);
  }

  /** While the feed store is out of reach PostgreSQL answers: slower, and the same. */
  async #written(userId: string, page: IdPage): Promise<string[]> {
    try {
      return await this.#stored(userId, page);
    } catch (error) {
      this.#logger.warn({ error }, 'The feed store can not be reached; feeds are read from PostgreSQL');
      return this.#posts.written(userId, page);
    }
  }

  /** What lies below a feed at its cap is read from PostgreSQL. */
  async #stored(userId: string, page: IdPage): Promise<string[]> {
    const stored = (await this.#feeds.page(userId, page)) ?? (await this.#rebuilt(userId, page));
    if (!stored) return this.#posts.written(userId, page);
    const { ids, complete } = stored;
    const missing = page.limit - ids.length;
    if (missing === 0 || complete) return ids;
    return [...ids, ...(await this.#posts.written(userId, { limit: missing, before: ids.at(-1) ?? page.before }))];
  }

  async #rebuilt(userId: string, page: IdPage) {
    await this.#feeds.rebuild(userId, () => this.#posts.written(userId, { limit: feedCap }));
    return this.#feeds.page(userId, page);
  }
}

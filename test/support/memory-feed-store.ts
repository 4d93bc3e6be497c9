/** Feeds in the memory of this process: what the conformance suite says, as plainly as it can be written. */
import { TwolaneError } from '../../src/contract/errors.ts';
import { type FeedIds, type FeedPage, type FeedStore, feedCap } from '../../src/contract/feed-store.ts';
import { newerFirst } from '../../src/social/ids.ts';

interface Feed {
  ids: string[];
  /** False while it is rebuilt for the first time. */
  whole: boolean;
  droppedAt: number;
}

export class MemoryFeedStore implements FeedStore {
  readonly #feeds = new Map<string, Feed>();
  readonly #keptMs: number;

  constructor(keptMs = Number.POSITIVE_INFINITY) {
    this.#keptMs = keptMs;
  }

  async insert(userIds: readonly string[], postId: string): Promise<void> {
    for (const feed of this.#stored(userIds)) feed.ids = newest([...feed.ids, postId]);
  }

  async remove(userIds: readonly string[], postId: string): Promise<void> {
    for (const id of userIds) {
      const feed = this.#get(id);
      if (!feed?.ids.includes(postId)) continue;
      if (feed.ids.length === feedCap) this.#feeds.delete(id);
      feed.ids = feed.ids.filter((held) => held !== postId);
    }
  }

  async page(userId: string, { limit, before }: FeedPage): Promise<FeedIds | undefined> {
    const feed = this.#get(userId);
    if (!feed?.whole) return undefined;
    feed.droppedAt = Date.now() + this.#keptMs;
    const below = before === undefined ? feed.ids : feed.ids.filter((id) => newerFirst(before, id) < 0);
    return { ids: below.slice(0, limit), complete: feed.ids.length < feedCap };
  }

  async rebuild(userId: string, read: () => Promise<readonly string[]>): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const feed = this.#get(userId) ?? { ids: [], whole: false, droppedAt: Date.now() + this.#keptMs };
      if (feed.whole) return;
      this.#feeds.set(userId, feed);
      const ids = await read();
      if (this.#get(userId) !== feed) continue;
      feed.ids = newest([...feed.ids, ...ids]);
      feed.whole = true;
      return;
    }
    throw new TwolaneError('feed_unsettled', 'The feed was dropped 10 times while it was rebuilt');
  }

  async forget(userIds: readonly string[]): Promise<void> {
    for (const id of userIds) this.#feeds.delete(id);
  }

  async close(): Promise<void> {
    this.#feeds.clear();
  }

  #stored(userIds: readonly string[]): Feed[] {
    return userIds.flatMap((id) => this.#get(id) ?? []);
  }

  #get(userId: string): Feed | undefined {
    const feed = this.#feeds.get(userId);
    if (feed && feed.droppedAt <= Date.now()) this.#feeds.delete(userId);
    return this.#feeds.get(userId);
  }
}

function newest(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort(newerFirst).slice(0, feedCap);
}

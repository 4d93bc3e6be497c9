/** The port of the feed store: per user a capped set of post ids, newest first. It may be lost; a feed is rebuilt on its next read. */

/** Posts that one feed keeps at most; the highest ids stay. */
export const feedCap = 800;

export interface FeedPage {
  /** Between 1 and `feedCap` ids. */
  limit: number;
  /** Only posts with a lower id than this one. */
  before?: string;
}

export interface FeedStore {
  /** Puts one post into many feeds. A feed holds a post once, however often this is repeated. */
  insert(userIds: readonly string[], postId: string): Promise<void>;
  /** Takes one post out of many feeds; where it is missing nothing happens. */
  remove(userIds: readonly string[], postId: string): Promise<void>;
  /** Post ids from the highest down; undefined when the feed was lost or never built. */
  page(userId: string, page: FeedPage): Promise<string[] | undefined>;
  /**
   * Fills a feed from `read`, which gives its newest posts from the source of truth. What is inserted meanwhile stays,
   * and a feed that is lost or forgotten meanwhile is read again. Throws TwolaneError `feed_unsettled` after ten tries.
   */
  rebuild(userId: string, read: () => Promise<readonly string[]>): Promise<void>;
  /** Drops feeds whose content no longer holds, such as after a follow; their next read rebuilds them. */
  forget(userIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The port of the feed store: per user a capped set of post ids, newest first. It may be lost; a feed is rebuilt on its next read. */

/** Posts that one feed keeps at most; the highest ids stay. */
export const feedCap = 800;

export interface FeedPage {
  /** Between 1 and `feedCap` ids. */
  limit: number;
  /** Only posts with a lower id than this one. */
  before?: string;
}

export interface FeedIds {
  /** From the highest down. */
  ids: string[];
  /** False when the feed is at its cap, so that older posts are known to the source of truth alone. */
  complete: boolean;
}

/**
 * A feed that is stored holds everything that belongs into it, or its newest `feedCap` posts. One that is not stored takes
 * no posts: nobody has read it for long, or it was lost. Implementations drop feeds that nobody reads for a time given.
 */
export interface FeedStore {
  /** Puts one post into those of the feeds that are stored. A feed holds a post once, however often this is repeated. */
  insert(userIds: readonly string[], postId: string): Promise<void>;
  /** Takes one post out of many feeds; where it is missing nothing happens. A feed at its cap is dropped by it. */
  remove(userIds: readonly string[], postId: string): Promise<void>;
  /** Post ids from the highest down; undefined when the feed is not stored. */
  page(userId: string, page: FeedPage): Promise<FeedIds | undefined>;
  /**
   * Fills a feed from `read`, which gives its newest `feedCap` posts from the source of truth. What is inserted meanwhile
   * stays, and a feed that is lost or forgotten meanwhile is read again. Throws TwolaneError `feed_unsettled` after ten tries.
   */
  rebuild(userId: string, read: () => Promise<readonly string[]>): Promise<void>;
  /** Drops feeds whose content no longer holds, such as after a follow; their next read rebuilds them. */
  forget(userIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

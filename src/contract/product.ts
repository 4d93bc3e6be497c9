/** What the platform gives to a product that is built on it. */
import type { TokenIssuer } from './auth.ts';
import type { DatabaseFor } from './database.ts';
import type { Enqueuer } from './enqueuer.ts';
import type { Logger } from './logger.ts';
import type { MediaReader } from './media.ts';
import type { Outgoing } from './outgoing.ts';
import type { EventOutbox } from './webhooks.ts';

/** What a product is given to build itself on. */
export interface ProductParts {
  db: DatabaseFor;
  feedRedisUrl: string;
  /** TWOLANE_FEED_MERGED_ABOVE. */
  feedMergedAbove: number;
  /** TWOLANE_FEED_IDLE_DAYS, as milliseconds. */
  feedKeptMs: number;
  /** Begins every Redis key. */
  prefix: string;
  /** Anybody may be one of the seeded people on the product's demo page. */
  demo: boolean;
  /** For its routes: jobs of a queue in trouble are refused. */
  enqueuer: Enqueuer;
  /** For its handlers: what follows from accepted work never is. */
  followUps: Enqueuer;
  /** Cancels a job unless it has ended; a running one is aborted. */
  cancel(jobId: string, reason: string): Promise<void>;
  media: MediaReader;
  tokens: TokenIssuer;
  /** For events that webhooks may listen to. */
  events: EventOutbox;
  /** For calls to URLs that somebody else chose. */
  outgoing: Outgoing;
  logger: Logger;
}

/** One post on its way into feeds, or out of them. */
export interface FanOutView {
  /** The job that walks over the followers. */
  jobId: string;
  postId: string;
  authorId: string;
  pass: 'deliver' | 'retract';
  /** Of the author, when it began. */
  followers: number;
  /** Feeds that are done. */
  delivered: number;
  /** ISO 8601 UTC. */
  startedAt: string;
}

/** What a product shows its operators. */
export interface ProductInsight {
  /** Up to 100, the newest first. */
  fanOuts: FanOutView[];
  /** Null before the first list was made. */
  trends: { asOf: string; items: { tag: string; score: number; count: number }[] } | null;
}

/** What the platform gives to a product that is built on it. */
import type { TokenIssuer } from './auth.ts';
import type { DatabaseFor } from './database.ts';
import type { Enqueuer } from './enqueuer.ts';
import type { Logger } from './logger.ts';
import type { MediaReader } from './media.ts';
import type { EventOutbox } from './webhooks.ts';

/** What a product is given to build itself on. */
export interface ProductParts {
  db: DatabaseFor;
  feedRedisUrl: string;
  /** Begins every Redis key. */
  prefix: string;
  /** For its routes: jobs of a queue in trouble are refused. */
  enqueuer: Enqueuer;
  /** For its handlers: what follows from accepted work never is. */
  followUps: Enqueuer;
  media: MediaReader;
  tokens: TokenIssuer;
  /** For events that webhooks may listen to. */
  events: EventOutbox;
  logger: Logger;
}

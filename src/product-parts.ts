/** What a product is built on: the parts of an installation that it may see. */
import { type MediaReader, type ProductParts, type TokenIssuer, TwolaneError } from './contract/index.ts';
import type { Outgoing } from './contract/outgoing.ts';
import type { Core } from './core.ts';
import { eventOutbox } from './webhooks/index.ts';

const dayMs = 24 * 60 * 60_000;

export function createProductParts(
  { config, database, enqueuer, followUps, operations, logger }: Core,
  given: { media: MediaReader; tokens: TokenIssuer; outgoing: Outgoing },
): ProductParts {
  return {
    db: database.databaseFor,
    feedRedisUrl: config.feedRedisUrl,
    feedMergedAbove: config.TWOLANE_FEED_MERGED_ABOVE,
    feedKeptMs: config.TWOLANE_FEED_IDLE_DAYS * dayMs,
    prefix: config.TWOLANE_PREFIX,
    demo: config.TWOLANE_DEMO,
    enqueuer,
    followUps,
    async cancel(jobId, reason) {
      await operations.cancel(jobId, reason).catch((error) => {
        const hasEnded = error instanceof TwolaneError && ['already_final', 'not_found'].includes(error.code);
        if (!hasEnded) throw error;
      });
    },
    events: eventOutbox,
    logger,
    ...given,
  };
}

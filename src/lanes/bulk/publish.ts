/** Publishing: one `addBulk` per batch, answered within two seconds whatever state Redis is in. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Publication } from '../../contract/lane.ts';
import { type BulkConfig, limits } from './config.ts';
import type { RedisLink } from './connection.ts';
import { faultOf, messageOf } from './errors.ts';
import { encode, type Queues } from './queues.ts';
import { within } from './wait.ts';

export class Publisher {
  readonly #link: RedisLink;
  readonly #queues: Queues;
  readonly #config: BulkConfig;
  #restsUntil = 0;

  constructor(link: RedisLink, queues: Queues, config: BulkConfig) {
    this.#link = link;
    this.#queues = queues;
    this.#config = config;
  }

  /** Whether a publish has a chance right now. */
  get open(): boolean {
    return this.#link.up && performance.now() >= this.#restsUntil;
  }

  /** A batch counts as a whole: after an error some of it may be in Redis, and publishing it again does no harm. */
  async publish(queue: string, packs: readonly Envelope[][]): Promise<Publication> {
    if (!this.open) return noneOf(packs);
    try {
      await within(limits.answerMs, this.#queues.get(queue).addBulk(packs.map(encode)), 'the jobs to be taken');
      return { confirmed: packs.reduce((sum, pack) => sum + pack.length, 0), unconfirmed: [] };
    } catch (error) {
      this.#restsUntil = performance.now() + limits.restMs;
      const fields = { queue, messages: packs.length, fault: faultOf(error), reason: messageOf(error) };
      this.#config.logger.warn(fields, 'Could not publish');
      return noneOf(packs);
    }
  }
}

function noneOf(packs: readonly Envelope[][]): Publication {
  return { confirmed: 0, unconfirmed: packs.flat().map((envelope) => envelope.id) };
}

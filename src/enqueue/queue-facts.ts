/**
 * What everybody who enqueues or publishes knows of the queues: how many envelopes travel in one message, and which queues
 * take no more. Read once a second, and only while somebody asks; nobody waits for it.
 */
import type { Logger, Queryable, QueuePath, RefusalCode } from '../contract/index.ts';

export interface QueueFact {
  queue: QueuePath;
  pack: number;
  /** Null for a queue that takes jobs. */
  refuses: RefusalCode | null;
  retryAfterS: number | null;
}

const freshMs = 1_000;
/** Older facts count for nothing: whoever was idle asks first and goes by the answer later. */
const staleMs = 5_000;

export class QueueFacts {
  readonly #database: Queryable;
  readonly #logger: Logger;
  /** Of queues about which there is anything to know. */
  #facts: ReadonlyMap<QueuePath, QueueFact> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor({ database, logger }: { database: Queryable; logger: Logger }) {
    this.#database = database;
    this.#logger = logger;
  }

  /** Undefined for a queue that is as queues are: it takes jobs, and envelopes travel one by one. */
  of(queue: QueuePath): QueueFact | undefined {
    const now = performance.now();
    if (now - this.#askedAt > freshMs) void this.#refresh(now);
    if (this.#facts.size === 0 || now - this.#readAt > staleMs) return undefined;
    return this.#facts.get(queue);
  }

  async #refresh(now: number): Promise<void> {
    this.#askedAt = now;
    try {
      const { rows } = await this.#database.query<QueueFact>(
        `select queue, pack, refuses, retry_after_s as "retryAfterS" from twolane.queues
         where pack > 1 or refuses is not null`,
      );
      this.#facts = new Map(rows.map((fact) => [fact.queue, fact]));
      this.#readAt = now;
    } catch (error) {
      this.#logger.debug({ error }, 'The state of the queues could not be read');
    }
  }
}

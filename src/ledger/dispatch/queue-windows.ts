/** The window and the pack of each queue: from what the statistics found, and from who gives way to whom. */
import type { Queryable, QueuePath } from '../../contract/index.ts';
import { packSize, windowSize } from './window.ts';
import { Yielding } from './yielding.ts';

/** What the statistics know of a queue. */
export interface QueueFacts {
  queue: QueuePath;
  ratePerS: number;
  /** Slots of all workers, and of the smallest. */
  concurrency: number;
  smallest: number;
  claimedThrough: Date | undefined;
  /** Envelopes in one message, as it is set now. */
  pack: number;
}

export class QueueWindows {
  readonly yielding: Yielding;
  readonly #database: Queryable;
  readonly #rates = new Map<QueuePath, number>();
  readonly #concurrency = new Map<QueuePath, number>();

  constructor(database: Queryable) {
    this.#database = database;
    this.yielding = new Yielding(database);
  }

  observe(facts: readonly QueueFacts[]): void {
    for (const { queue, ratePerS, concurrency } of facts) {
      this.#rates.set(queue, ratePerS);
      this.#concurrency.set(queue, concurrency);
    }
  }

  /** How many jobs of the queue may be released and unclaimed now. */
  of(queue: QueuePath): number {
    const slots = this.#concurrency.get(queue) ?? 0;
    return windowSize(slots, this.#rates.get(queue) ?? 0);
  }

  /** How many of them at once, `most` at most; 0 while the queue gives way and has its share. */
  room(queue: QueuePath, most: number): Promise<number> {
    return this.yielding.room(queue, this.#concurrency.get(queue) ?? 0, most);
  }

  /** Writes down how many envelopes may travel in one message, for the queues where that has changed. */
  async setPacks(facts: readonly QueueFacts[]): Promise<void> {
    const wanted = facts.map((fact) => ({ ...fact, next: packSize(fact.smallest, fact.ratePerS) }));
    const changed = wanted.filter(({ pack, next }) => next !== pack);
    if (changed.length === 0) return;
    await this.#database.query(
      'update twolane.queues q set pack = n.pack from unnest($1::text[], $2::int[]) n(queue, pack) where q.queue = n.queue',
      [changed.map(({ queue }) => queue), changed.map(({ next }) => next)],
    );
  }
}

/** Queues that give way while the budget of something more urgent on their lane burns: how much they may release meanwhile. */
import type { Queryable, QueuePath } from '../../contract/index.ts';

export class Yielding {
  readonly #database: Queryable;
  #shares: ReadonlyMap<QueuePath, number> = new Map();

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Which queues give way, and what part of their slots each keeps. */
  set(shares: ReadonlyMap<QueuePath, number>): void {
    this.#shares = shares;
  }

  /** New jobs of a queue that gives way must not go straight to the broker. */
  concerns(queue: QueuePath): boolean {
    return this.#shares.has(queue);
  }

  /**
   * How many jobs a queue with so many slots may release now: `most`, or what its share leaves beside those that are released or
   * run already. Counted before each release, since only one process releases jobs of a queue; costs nothing while nobody gives way.
   */
  async room(queue: QueuePath, slots: number, most: number): Promise<number> {
    const share = this.#shares.get(queue);
    if (share === undefined) return most;
    const allowed = Math.max(1, Math.floor(slots * share));
    const { rows } = await this.#database.query<{ n: number }>('select twolane.outstanding($1, $2) as n', [
      queue,
      allowed,
    ]);
    return Math.min(most, allowed - (rows[0]?.n ?? 0));
  }
}

/** Queues that give way while the budget of something more urgent on their lane burns: how much they may release meanwhile. */
import type { Queryable, QueuePath } from '../../contract/index.ts';

export class Yielding {
  readonly #database: Queryable;
  #shares: ReadonlyMap<QueuePath, number> = new Map();
  /** Jobs of these queues that ran at the last look. */
  #running = new Map<QueuePath, number>();

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

  /** Counts what runs; costs nothing while nobody gives way. */
  async look(): Promise<void> {
    if (this.#shares.size === 0) return;
    const { rows } = await this.#database.query<{ queue: QueuePath; n: number }>(
      'select * from twolane.running_in($1)',
      [[...this.#shares.keys()]],
    );
    this.#running = new Map(rows.map(({ queue, n }) => [queue, n]));
  }

  /** The window of a queue: all of it, or what its share leaves beside the jobs that run already. */
  limit(queue: QueuePath, window: number, slots: number): number {
    const share = this.#shares.get(queue);
    if (share === undefined) return window;
    const allowed = Math.max(1, Math.floor(slots * share));
    return Math.max(0, Math.min(window, allowed - (this.#running.get(queue) ?? 0)));
  }
}

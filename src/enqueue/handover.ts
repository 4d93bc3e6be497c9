/**
 * The short way from one job of a key to the next: what an outcome sets free is offered to the workers of this process,
 * who were at it already, before it is published. A broker between two jobs of a key would cost more than the jobs.
 */
import type { Published } from './publisher.ts';

/** Takes a released job into a worker of this process; false when it has no room for it or does not know it. */
export type Taker = (released: Published) => boolean;

export class Handover {
  readonly #takers = new Set<Taker>();

  /** Returns the way to stop. */
  add(taker: Taker): () => void {
    this.#takers.add(taker);
    return () => this.#takers.delete(taker);
  }

  /** Hands over what it can and answers the rest. */
  offer(released: readonly Published[]): Published[] {
    if (this.#takers.size === 0) return [...released];
    return released.filter((job) => ![...this.#takers].some((take) => take(job)));
  }
}

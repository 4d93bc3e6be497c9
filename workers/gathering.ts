/** Gathers the deliveries of batch types: a batch leaves when it is full, or when its first delivery has waited long enough. */
import type { BatchOptions, Clock, Delivery, QueuePath } from '../src/contract/index.ts';

interface Group {
  queue: QueuePath;
  deliveries: [Delivery, ...Delivery[]];
  callOff: () => void;
}

export class Gathering {
  readonly #clock: Clock;
  readonly #batchOf: (type: string) => BatchOptions | undefined;
  readonly #leave: (queue: QueuePath, deliveries: Group['deliveries']) => void;
  readonly #groups = new Map<string, Group>();

  constructor(
    clock: Clock,
    batchOf: (type: string) => BatchOptions | undefined,
    leave: (queue: QueuePath, deliveries: Group['deliveries']) => void,
  ) {
    this.#clock = clock;
    this.#batchOf = batchOf;
    this.#leave = leave;
  }

  /** False: the type has no batches, nothing was taken. */
  add(queue: QueuePath, delivery: Delivery): boolean {
    const { type } = delivery.envelope;
    const batch = this.#batchOf(type);
    if (!batch) return false;
    let group = this.#groups.get(type);
    if (group) group.deliveries.push(delivery);
    else group = this.#begin(queue, delivery, batch.waitMs);
    if (group.deliveries.length >= batch.size) this.#end(type, group);
    return true;
  }

  count(queue: QueuePath): number {
    let count = 0;
    for (const group of this.#groups.values()) if (group.queue === queue) count += group.deliveries.length;
    return count;
  }

  /** Gives everything back to the brokers. */
  releaseAll(): void {
    for (const { callOff, deliveries } of this.#groups.values()) {
      callOff();
      for (const delivery of deliveries) delivery.release();
    }
    this.#groups.clear();
  }

  #begin(queue: QueuePath, first: Delivery, waitMs: number): Group {
    const { type } = first.envelope;
    const group: Group = {
      queue,
      deliveries: [first],
      callOff: this.#clock.after(waitMs, () => this.#end(type, group)),
    };
    this.#groups.set(type, group);
    return group;
  }

  #end(type: string, { queue, deliveries, callOff }: Group): void {
    callOff();
    this.#groups.delete(type);
    this.#leave(queue, deliveries);
  }
}

/** The unclaimed deliveries of this process by queue, and the slots that are free for them. */
import type { Delivery, QueuePath } from '../src/contract/index.ts';

interface QueueSlots {
  concurrency: number;
  running: number;
  buffer: Delivery[];
}

export class Deliveries {
  readonly #queues = new Map<QueuePath, QueueSlots>();

  constructor(queues: readonly { queue: QueuePath; concurrency: number }[]) {
    for (const { queue, concurrency } of queues) this.#queues.set(queue, { concurrency, running: 0, buffer: [] });
  }

  push(queue: QueuePath, delivery: Delivery): void {
    this.#slots(queue).buffer.push(delivery);
  }

  /** Takes deliveries for the slots that are free now and reserves those slots. */
  take(): { queue: QueuePath; delivery: Delivery }[] {
    const taken: { queue: QueuePath; delivery: Delivery }[] = [];
    for (const [queue, slots] of this.#queues) {
      const free = slots.concurrency - slots.running;
      if (free <= 0 || slots.buffer.length === 0) continue;
      for (const delivery of slots.buffer.splice(0, free)) {
        slots.running += 1;
        taken.push({ queue, delivery });
      }
    }
    return taken;
  }

  /** Puts deliveries back to the front, their slots free again: the claim could not be made. */
  putBack(taken: readonly { queue: QueuePath; delivery: Delivery }[]): void {
    for (const { queue, delivery } of taken.toReversed()) {
      const slots = this.#slots(queue);
      slots.running -= 1;
      slots.buffer.unshift(delivery);
    }
  }

  free(queue: QueuePath): void {
    this.#slots(queue).running -= 1;
  }

  /** Gives every unclaimed delivery back to its broker. */
  releaseAll(): void {
    for (const slots of this.#queues.values()) for (const delivery of slots.buffer.splice(0)) delivery.release();
  }

  get running(): number {
    return [...this.#queues.values()].reduce((sum, slots) => sum + slots.running, 0);
  }

  get buffered(): Record<QueuePath, number> {
    return Object.fromEntries([...this.#queues].map(([queue, slots]) => [queue, slots.buffer.length]));
  }

  #slots(queue: QueuePath): QueueSlots {
    const slots = this.#queues.get(queue);
    if (!slots) throw new TypeError(`This worker does not consume ${queue}`);
    return slots;
  }
}

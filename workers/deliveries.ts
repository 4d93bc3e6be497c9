/**
 * The unclaimed deliveries of this process by queue, and the slots that are free for them. A job whose processes ended
 * twice waits until nothing else runs here and then has the process for itself, so that a third crash takes nobody along.
 */
import type { Delivery, QueuePath } from '../src/contract/index.ts';

const suspectCrashes = 2;

export interface Taken {
  queue: QueuePath;
  delivery: Delivery;
}

interface QueueSlots {
  concurrency: number;
  running: number;
  buffer: Delivery[];
}

export class Deliveries {
  readonly #queues = new Map<QueuePath, QueueSlots>();
  readonly #suspects: Taken[] = [];
  /** A suspect runs now. */
  #alone = false;

  constructor(queues: readonly { queue: QueuePath; concurrency: number }[]) {
    for (const { queue, concurrency } of queues) this.#queues.set(queue, { concurrency, running: 0, buffer: [] });
  }

  push(queue: QueuePath, delivery: Delivery): void {
    if (delivery.envelope.crashes >= suspectCrashes) this.#suspects.push({ queue, delivery });
    else this.#slots(queue).buffer.push(delivery);
  }

  /** Takes deliveries for the slots that are free now and reserves those slots. */
  take(): Taken[] {
    if (this.#alone) return [];
    if (this.#suspects.length > 0) return this.#takeSuspect();
    const taken: Taken[] = [];
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
  putBack(taken: readonly Taken[]): void {
    for (const { queue, delivery } of taken.toReversed()) {
      this.free(queue);
      if (delivery.envelope.crashes >= suspectCrashes) this.#suspects.unshift({ queue, delivery });
      else this.#slots(queue).buffer.unshift(delivery);
    }
  }

  free(queue: QueuePath): void {
    this.#slots(queue).running -= 1;
    this.#alone = false;
  }

  #takeSuspect(): Taken[] {
    if (this.running > 0) return [];
    const taken = this.#suspects.splice(0, 1);
    for (const { queue } of taken) this.#slots(queue).running += 1;
    this.#alone = true;
    return taken;
  }

  /** Gives every unclaimed delivery back to its broker. */
  releaseAll(): void {
    for (const { delivery } of this.#suspects.splice(0)) delivery.release();
    for (const slots of this.#queues.values()) for (const delivery of slots.buffer.splice(0)) delivery.release();
  }

  /** A job that has ended two processes was taken: nothing else runs until it is over. */
  get alone(): boolean {
    return this.#alone;
  }

  get running(): number {
    return [...this.#queues.values()].reduce((sum, slots) => sum + slots.running, 0);
  }

  /** Slots for which there is no delivery yet, by queue. */
  get room(): Record<QueuePath, number> {
    const room = ({ concurrency, running, buffer }: QueueSlots) => Math.max(0, concurrency - running - buffer.length);
    return Object.fromEntries([...this.#queues].map(([queue, slots]) => [queue, room(slots)]));
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

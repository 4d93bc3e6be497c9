/**
 * The unclaimed deliveries of this process by queue, and the slots that are free for them. A job whose processes ended
 * twice waits until nothing else runs here and then has the process for itself, so that a third crash takes nobody along.
 * Slots are limited by queue, by type where a type says so, and over the whole process where it is told so.
 */
import type { Delivery, QueuePath } from '../src/contract/index.ts';

const suspectCrashes = 2;

export interface Taken {
  queue: QueuePath;
  delivery: Delivery;
}

export interface QueueLimits {
  queue: QueuePath;
  concurrency: number;
  /** Jobs at once by type; undefined when no type of the queue has a limit. */
  types?: ReadonlyMap<string, number> | undefined;
}

interface QueueSlots {
  concurrency: number;
  running: number;
  buffer: Delivery[];
  /** Free slots by type, for those with a limit. */
  freeByType: Map<string, number> | undefined;
}

export class Deliveries {
  readonly #queues = new Map<QueuePath, QueueSlots>();
  readonly #suspects: Taken[] = [];
  /** A suspect runs now. */
  #alone = false;

  readonly #total: number;
  #running = 0;

  /** @param total jobs at once over all queues. */
  constructor(queues: readonly QueueLimits[], total = Number.POSITIVE_INFINITY) {
    this.#total = total;
    for (const { queue, concurrency, types } of queues)
      this.#queues.set(queue, { concurrency, running: 0, buffer: [], freeByType: types && new Map(types) });
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
      const free = Math.min(slots.concurrency - slots.running, this.#total - this.#running);
      if (free <= 0 || slots.buffer.length === 0) continue;
      for (const delivery of slots.freeByType ? pick(slots, slots.freeByType, free) : slots.buffer.splice(0, free)) {
        this.#reserve(slots, delivery);
        taken.push({ queue, delivery });
      }
    }
    if (this.#running >= this.#total) this.#rotate();
    return taken;
  }

  /** With a limit over all queues the first one would always be served first. */
  #rotate(): void {
    const [first] = this.#queues;
    if (!first) return;
    this.#queues.delete(first[0]);
    this.#queues.set(...first);
  }

  #reserve(slots: QueueSlots, { envelope: { type } }: Delivery): void {
    slots.running += 1;
    this.#running += 1;
    const free = slots.freeByType?.get(type);
    if (free !== undefined) slots.freeByType?.set(type, free - 1);
  }

  /** Puts deliveries back to the front, their slots free again: the claim could not be made. */
  putBack(taken: readonly Taken[]): void {
    for (const { queue, delivery } of taken.toReversed()) {
      this.free(queue, delivery.envelope.type);
      if (delivery.envelope.crashes >= suspectCrashes) this.#suspects.unshift({ queue, delivery });
      else this.#slots(queue).buffer.unshift(delivery);
    }
  }

  free(queue: QueuePath, type: string): void {
    const slots = this.#slots(queue);
    slots.running -= 1;
    this.#running -= 1;
    const free = slots.freeByType?.get(type);
    if (free !== undefined) slots.freeByType?.set(type, free + 1);
    this.#alone = false;
  }

  #takeSuspect(): Taken[] {
    if (this.running > 0) return [];
    const taken = this.#suspects.splice(0, 1);
    for (const { queue, delivery } of taken) this.#reserve(this.#slots(queue), delivery);
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
    return this.#running;
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

/** Takes up to `free` deliveries out of the buffer, in order; those whose type has no slot stay where they are. */
function pick(slots: QueueSlots, freeByType: ReadonlyMap<string, number>, free: number): Delivery[] {
  const left = new Map(freeByType);
  const picked: Delivery[] = [];
  slots.buffer = slots.buffer.filter((delivery) => {
    const { type } = delivery.envelope;
    const slotsOfType = left.get(type) ?? Number.POSITIVE_INFINITY;
    if (picked.length >= free || slotsOfType <= 0) return true;
    left.set(type, slotsOfType - 1);
    picked.push(delivery);
    return false;
  });
  return picked;
}

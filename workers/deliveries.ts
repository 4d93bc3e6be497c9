/**
 * The unclaimed deliveries of this process by queue, and the slots that are free for them. A job whose processes ended
 * twice waits until nothing else runs here and then has the process for itself, so that a third crash takes nobody along.
 * Slots are limited by queue, by type where a type says so, and over the whole process where it is told so.
 */
import type { BatchOptions, Clock, Delivery, QueuePath } from '../src/contract/index.ts';
import { Gathering } from './gathering.ts';

const suspectCrashes = 2;
const mostFirst = 64;

/** What takes one slot: one delivery, or those of a batch, which are all of one type. */
export type Unit = readonly [Delivery, ...Delivery[]];

export interface Taken {
  queue: QueuePath;
  deliveries: Unit;
}

export interface QueueLimits {
  queue: QueuePath;
  concurrency: number;
  /** Jobs at once by type; undefined when no type of the queue has a limit. */
  types?: ReadonlyMap<string, number> | undefined;
}

export interface DeliveriesOptions {
  queues: readonly QueueLimits[];
  /** Slots at once over all queues. Default: no limit but those of the queues. */
  total?: number | undefined;
  clock: Clock;
  /** How the jobs of a type are gathered, if they are. */
  batchOf(type: string): BatchOptions | undefined;
  /** Told when a batch is there to be taken. */
  onBatch(): void;
}

interface QueueSlots {
  concurrency: number;
  running: number;
  buffer: Unit[];
  /** Go before the buffer and count nowhere: others have them too, and the broker. */
  first: Unit[];
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

  readonly #gathering: Gathering;

  constructor({ queues, total = Number.POSITIVE_INFINITY, clock, batchOf, onBatch }: DeliveriesOptions) {
    this.#total = total;
    this.#gathering = new Gathering(clock, batchOf, (queue, deliveries) => {
      this.#slots(queue).buffer.push(deliveries);
      onBatch();
    });
    for (const { queue, concurrency, types } of queues)
      this.#queues.set(queue, { concurrency, running: 0, buffer: [], first: [], freeByType: types && new Map(types) });
  }

  push(queue: QueuePath, delivery: Delivery): void {
    if (isSuspect(delivery)) this.#suspects.push({ queue, deliveries: [delivery] });
    else if (!this.#gathering.add(queue, delivery)) this.#slots(queue).buffer.push([delivery]);
  }

  /** Deliveries that take the next free slots; of many the newest. */
  pushFirst(queue: QueuePath, deliveries: readonly Delivery[]): void {
    const slots = this.#slots(queue);
    const units = deliveries.filter((delivery) => !isSuspect(delivery)).map((delivery): Unit => [delivery]);
    slots.first = [...slots.first, ...units].slice(-mostFirst);
  }

  /** Takes deliveries for the slots that are free now and reserves those slots. */
  take(): Taken[] {
    if (this.#alone) return [];
    if (this.#suspects.length > 0) return this.#takeSuspect();
    const taken: Taken[] = [];
    for (const [queue, slots] of this.#queues) {
      const free = Math.min(slots.concurrency - slots.running, this.#total - this.#running);
      if (free <= 0) continue;
      slots.buffer.unshift(...slots.first.splice(0));
      if (slots.buffer.length === 0) continue;
      for (const deliveries of slots.freeByType ? pick(slots, slots.freeByType, free) : slots.buffer.splice(0, free)) {
        this.#reserve(slots, deliveries[0]);
        taken.push({ queue, deliveries });
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
    for (const { queue, deliveries } of taken.toReversed()) {
      this.free(queue, deliveries[0].envelope.type);
      if (isSuspect(deliveries[0])) this.#suspects.unshift({ queue, deliveries });
      else this.#slots(queue).buffer.unshift(deliveries);
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
    for (const { queue, deliveries } of taken) this.#reserve(this.#slots(queue), deliveries[0]);
    this.#alone = true;
    return taken;
  }

  /** Gives every unclaimed delivery back to its broker. */
  releaseAll(): void {
    this.#gathering.releaseAll();
    const units = this.#suspects.splice(0).map(({ deliveries }) => deliveries);
    for (const slots of this.#queues.values()) units.push(...slots.first.splice(0), ...slots.buffer.splice(0));
    for (const delivery of units.flat()) delivery.release();
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
    const waiting = (queue: QueuePath, { buffer }: QueueSlots) =>
      buffer.reduce((sum, deliveries) => sum + deliveries.length, this.#gathering.count(queue));
    return Object.fromEntries([...this.#queues].map(([queue, slots]) => [queue, waiting(queue, slots)]));
  }

  #slots(queue: QueuePath): QueueSlots {
    const slots = this.#queues.get(queue);
    if (!slots) throw new TypeError(`This worker does not consume ${queue}`);
    return slots;
  }
}

/** Takes for up to `free` slots out of the buffer, in order; those whose type has no slot stay where they are. */
function pick(slots: QueueSlots, freeByType: ReadonlyMap<string, number>, free: number): Unit[] {
  const left = new Map(freeByType);
  const picked: Unit[] = [];
  slots.buffer = slots.buffer.filter((deliveries) => {
    const { type } = deliveries[0].envelope;
    const slotsOfType = left.get(type) ?? Number.POSITIVE_INFINITY;
    if (picked.length >= free || slotsOfType <= 0) return true;
    left.set(type, slotsOfType - 1);
    picked.push(deliveries);
    return false;
  });
  return picked;
}

function isSuspect({ envelope }: Delivery): boolean {
  return envelope.crashes >= suspectCrashes;
}

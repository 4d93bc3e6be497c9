/** One queue of the memory lane: envelopes in order, and consumers that take turns. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Consumption, Delivery, LaneDepth } from '../../contract/lane.ts';

interface Reader {
  buffer: number;
  onDelivery: (delivery: Delivery) => void;
  /** What it was given and has not settled. */
  held: Set<Envelope>;
}

export class MemoryQueue {
  #waiting: Envelope[] = [];
  #readers: Reader[] = [];
  /** Those that were stopped but still hold deliveries. */
  readonly #leaving = new Set<Reader>();
  #power = true;
  #scheduled = false;
  readonly #handed = new WeakSet<Envelope>();

  add(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) this.#waiting.push({ ...envelope });
    this.#schedule();
  }

  consume(queue: string, buffer: number, onDelivery: (delivery: Delivery) => void): Consumption {
    const reader: Reader = { buffer, onDelivery, held: new Set() };
    this.#readers.push(reader);
    this.#schedule();
    const stop = async () => {
      if (!this.#readers.includes(reader)) return;
      this.#readers = this.#readers.filter((other) => other !== reader);
      this.#leaving.add(reader);
    };
    const close = async () => {
      await stop();
      this.#takeBack(reader);
    };
    const rebuild = async () => {
      if (this.#readers.includes(reader)) this.#giveBack(reader);
    };
    return { queue, stop, close, rebuild };
  }

  depth(): LaneDepth {
    const unacked = [...this.#readers, ...this.#leaving].reduce((sum, reader) => sum + reader.held.size, 0);
    return { ready: this.#waiting.length, unacked, consumers: this.#readers.length };
  }

  wipe(): void {
    this.#waiting = [];
    for (const reader of [...this.#readers, ...this.#leaving]) reader.held.clear();
    this.#schedule();
  }

  switchPower(on: boolean): void {
    this.#power = on;
    this.#schedule();
  }

  dismissConsumers(): void {
    for (const reader of this.#readers) this.#takeBack(reader);
    this.#readers = [];
  }

  /** A consumer that goes leaves what it did not settle to the others, as a broker does. */
  #takeBack(reader: Reader): void {
    this.#leaving.delete(reader);
    this.#giveBack(reader);
  }

  #giveBack(reader: Reader): void {
    this.#waiting.unshift(...reader.held);
    reader.held.clear();
    this.#schedule();
  }

  /** Delivers later, never inside the caller's own call: a broker doesn't either. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  /** One round over what waits now; what consumers give back meanwhile has its turn in the next round. */
  #deliver(): void {
    for (let left = this.#waiting.length; left > 0 && this.#power; left--) {
      const reader = this.#nextReader();
      const envelope = reader && this.#waiting.shift();
      if (!reader || !envelope) return;
      this.#hand(envelope, reader);
    }
  }

  /** The first with room; it goes to the end of the line. */
  #nextReader(): Reader | undefined {
    const place = this.#readers.findIndex((reader) => reader.held.size < reader.buffer);
    if (place < 0) return undefined;
    const [reader] = this.#readers.splice(place, 1) as [Reader];
    this.#readers.push(reader);
    return reader;
  }

  #hand(envelope: Envelope, reader: Reader): void {
    const redelivered = this.#handed.has(envelope);
    this.#handed.add(envelope);
    reader.held.add(envelope);
    const settle = (giveBack: boolean) => {
      if (!reader.held.delete(envelope)) return;
      if (giveBack) this.#waiting.push(envelope);
      this.#schedule();
    };
    reader.onDelivery({ envelope, redelivered, ack: () => settle(false), release: () => settle(true) });
  }
}

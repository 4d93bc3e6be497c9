/** One part of the overview: read at most every so often, and never the reason why the rest is not shown. */

import { setTimeout as sleep } from 'node:timers/promises';

/** A part that takes longer is shown with its last value, milliseconds. */
const patienceMs = 2_000;

export class Part<T> {
  readonly name: string;
  readonly everyMs: number;
  /** The last value that could be read. */
  value: T;
  /** Why the last reading failed; undefined when it went well. */
  error: string | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #read: () => Promise<T>;
  #reading: Promise<void> | undefined;

  constructor(name: string, everyMs: number, first: T, read: () => Promise<T>) {
    this.name = name;
    this.everyMs = everyMs;
    this.value = first;
    this.#read = read;
  }

  /** Reads again when the value is older than `everyMs`; waits for the answer up to `patienceMs`. Never rejects. */
  async refresh(now = performance.now()): Promise<void> {
    if (now - this.#readAt >= this.everyMs && !this.#reading) {
      this.#readAt = now;
      this.#reading = this.#take().finally(() => {
        this.#reading = undefined;
      });
    }
    if (!this.#reading) return;
    const late = new AbortController();
    const patience = sleep(patienceMs, true, { signal: late.signal, ref: false }).catch(() => false);
    if (await Promise.race([this.#reading.then(() => false), patience])) this.error = 'it does not answer in time';
    late.abort();
  }

  async #take(): Promise<void> {
    try {
      this.value = await this.#read();
      this.error = undefined;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }
}

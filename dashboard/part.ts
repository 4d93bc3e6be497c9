/** One part of the overview: read at most every so often, and never the reason why the rest is not shown. */

export class Part<T> {
  readonly name: string;
  readonly everyMs: number;
  /** The last value that could be read. */
  value: T;
  /** Why the last reading failed; undefined when it went well. */
  error: string | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #read: () => Promise<T>;

  constructor(name: string, everyMs: number, first: T, read: () => Promise<T>) {
    this.name = name;
    this.everyMs = everyMs;
    this.value = first;
    this.#read = read;
  }

  /** Reads again when the value is older than `everyMs`. Never rejects. */
  async refresh(now = performance.now()): Promise<void> {
    if (now - this.#readAt < this.everyMs) return;
    this.#readAt = now;
    try {
      this.value = await this.#read();
      this.error = undefined;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }
}

/** A cache of look-ups for a few seconds, so that a busy caller costs one query and a revoked one is out soon. */

/** Caches what `load` answers for each key. Callers that ask while a load is under way share it; errors are not kept. */
export class ShortCache<T> {
  readonly #entries = new Map<string, { value: Promise<T>; until: number }>();
  readonly #ttlMs: number;
  readonly #size: number;
  readonly #load: (key: string) => Promise<T>;

  /** @param options.ttlMs how long an answer is believed; @param options.size how many answers are kept at most. */
  constructor(load: (key: string) => Promise<T>, options: { ttlMs: number; size: number }) {
    this.#load = load;
    this.#ttlMs = options.ttlMs;
    this.#size = options.size;
  }

  get(key: string): Promise<T> {
    const known = this.#entries.get(key);
    if (known && known.until > Date.now()) return known.value;
    this.#entries.delete(key);
    const value = this.#load(key);
    const entry = { value, until: Date.now() + this.#ttlMs };
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#entries.set(key, entry);
    this.#dropOldest();
    return value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #dropOldest(): void {
    if (this.#entries.size <= this.#size) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}

/** The live overview: one poller for all browsers, which rests while nobody listens. */
import type { Overview } from './overview.ts';

type Listener = (overview: Overview) => void;

export class OverviewFeed {
  readonly #read: () => Promise<Overview>;
  readonly #everyMs: number;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<Overview> | undefined;

  /** `read` must not reject; `everyMs` is how often listeners hear of it, milliseconds. */
  constructor(read: () => Promise<Overview>, everyMs = 1_000) {
    this.#read = read;
    this.#everyMs = everyMs;
  }

  /** One moment; callers at the same time share one reading. */
  current(): Promise<Overview> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Tells `listener` now and every second. Returns the way to stop. */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener);
    void this.current().then((overview) => this.#listeners.has(listener) && listener(overview));
    this.#timer ??= setInterval(() => void this.#tell(), this.#everyMs).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #tell(): Promise<void> {
    // A reading that takes longer than the interval must not pile up.
    if (this.#reading) return;
    const overview = await this.current();
    for (const listener of this.#listeners) listener(overview);
  }
}

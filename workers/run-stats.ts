/** What this process sees of its job types: how long jobs waited and ran, told to the ledger once a second in one statement. */
import {
  type Catalog,
  emptyHistogram,
  type Histogram,
  type Logger,
  observe,
  type Queryable,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';

interface TypeStats {
  type: string;
  queue: string;
  starts: number;
  late: number;
  waits: Histogram;
  runs: Histogram;
}

const tellEveryMs = 1_000;

export class RunStats {
  readonly #options: { catalog: Catalog; database: Queryable; logger: Logger };
  #gathered = new Map<string, TypeStats>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { catalog: Catalog; database: Queryable; logger: Logger }) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.tell(), tellEveryMs);
  }

  started({ type, wait_ms: waitMs }: ClaimedJob, queue: string): void {
    const stats = this.#of(type, queue);
    stats.starts += 1;
    if (waitMs > (this.#options.catalog[type]?.budgetMs ?? Number.POSITIVE_INFINITY)) stats.late += 1;
    observe(stats.waits, waitMs);
  }

  ended({ type }: ClaimedJob, queue: string, ranMs: number): void {
    observe(this.#of(type, queue).runs, ranMs);
  }

  /** Tells what was gathered. What can't be told is forgotten: these are statistics, and the next second brings more. */
  async tell(): Promise<void> {
    if (this.#gathered.size === 0) return;
    const items = JSON.stringify([...this.#gathered.values()]);
    this.#gathered = new Map();
    await this.#options.database.query('select twolane.note_runs($1)', [items]).catch((error: unknown) => {
      this.#options.logger.debug({ error }, 'Statistics of a second were lost');
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.tell();
  }

  #of(type: string, queue: string): TypeStats {
    // Types share a queue, and a type that moved to another one has jobs in both for a while.
    const name = `${queue} ${type}`;
    const known = this.#gathered.get(name);
    if (known) return known;
    const made = { type, queue, starts: 0, late: 0, waits: emptyHistogram(), runs: emptyHistogram() };
    this.#gathered.set(name, made);
    return made;
  }
}

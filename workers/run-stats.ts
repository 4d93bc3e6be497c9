/** What this process sees of its job types: how long jobs waited and ran, told to the ledger once a second in one statement. */
import {
  type Catalog,
  type Clock,
  type Ending,
  emptyHistogram,
  type Histogram,
  type Logger,
  observe,
  type Queryable,
  type Repetition,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';

interface TypeStats {
  type: string;
  queue: string;
  starts: number;
  late: number;
  redelivered: number;
  endings: Partial<Record<Ending, number>>;
  waits: Histogram;
  runs: Histogram;
  waitS: number;
  runS: number;
}

const tellEveryMs = 1_000;

export interface RunStatsOptions {
  catalog: Catalog;
  database: Queryable;
  clock: Clock;
  logger: Logger;
}

export class RunStats {
  readonly #options: RunStatsOptions;
  #gathered = new Map<string, TypeStats>();
  #telling: Repetition | undefined;

  constructor(options: RunStatsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#telling = this.#options.clock.repeat(tellEveryMs, async () => {
      await this.tell();
      return tellEveryMs;
    });
  }

  started({ type, wait_ms: waitMs }: ClaimedJob, queue: string): void {
    const stats = this.#of(type, queue);
    stats.starts += 1;
    if (waitMs > (this.#options.catalog[type]?.budgetMs ?? Number.POSITIVE_INFINITY)) stats.late += 1;
    observe(stats.waits, waitMs);
    stats.waitS += waitMs / 1_000;
  }

  /** `ending` is unknown when the ledger could not be told of it. */
  ended({ type }: ClaimedJob, queue: string, ranMs: number, ending: Ending | undefined): void {
    const stats = this.#of(type, queue);
    observe(stats.runs, ranMs);
    stats.runS += ranMs / 1_000;
    if (ending) stats.endings[ending] = (stats.endings[ending] ?? 0) + 1;
  }

  redelivered(type: string, queue: string): void {
    this.#of(type, queue).redelivered += 1;
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
    await this.#telling?.stop();
    await this.tell();
  }

  #of(type: string, queue: string): TypeStats {
    // Types share a queue, and a type that moved to another one has jobs in both for a while.
    const name = `${queue} ${type}`;
    const known = this.#gathered.get(name);
    if (known) return known;
    const made: TypeStats = {
      ...{ type, queue, starts: 0, late: 0, redelivered: 0, endings: {} },
      ...{ waits: emptyHistogram(), runs: emptyHistogram(), waitS: 0, runS: 0 },
    };
    this.#gathered.set(name, made);
    return made;
  }
}

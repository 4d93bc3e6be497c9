/** An installation for one scenario: a fresh database and prefix, its processes as children, and how to wait for the end. */
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createTwolane, type Twolane } from '../src/twolane.ts';
import { Child } from './child.ts';
import { createDatabase, type OwnDatabase } from './database.ts';
import type { Load } from './enqueue-load.ts';
import { benchHandlers, benchJobs, type Counted, nowMs } from './jobs.ts';
import type { Order } from './process.ts';

export type Process = Child<Order>;
export const apiKey = 'bench-key-of-at-least-32-characters';

export class Fleet {
  readonly #children = new Set<Process>();
  readonly #environment: Record<string, string>;
  readonly #database: OwnDatabase;
  readonly twolane: Twolane;

  private constructor(database: OwnDatabase, environment: Record<string, string>) {
    this.#database = database;
    this.#environment = environment;
    this.twolane = createTwolane({
      config: loadConfig({ ...process.env, ...environment }),
      catalog: benchJobs,
      handlers: () => benchHandlers({ done: 0, waits: [], urgentWaits: [] }, false),
      logger: silentLogger,
    });
  }

  /** @param commitDelayMs as `createDatabase` */
  static async start(commitDelayMs?: number): Promise<Fleet> {
    const database = await createDatabase(commitDelayMs);
    const fleet = new Fleet(database, {
      DATABASE_URL: database.url,
      TWOLANE_PREFIX: database.name.replace('_', '-'),
      TWOLANE_SCHEMA: 'twolane',
      TWOLANE_PRODUCT: 'none',
      TWOLANE_API_KEY: apiKey,
      // What runs at the end of a scenario is nobody's.
      TWOLANE_DRAIN_MS: '1000',
    });
    await fleet.twolane.migrate();
    await fleet.twolane.database.query('create table bench_effects (job bigint)');
    await fleet.twolane.start();
    return fleet;
  }

  get databaseUrl(): string {
    return this.#database.url;
  }

  /** A child process that does as it is told. */
  async process(): Promise<Process> {
    const entry = fileURLToPath(new URL('./process.ts', import.meta.url));
    const child: Process = await Child.start(entry, [], this.#environment);
    this.#children.add(child);
    return child;
  }

  async worker(
    order: Omit<Extract<Order, { order: 'work' }>, 'order' | 'keepWaits'> & { keepWaits?: boolean },
  ): Promise<Process> {
    const child = await this.process();
    await child.tell({ order: 'work', keepWaits: false, ...order });
    return child;
  }

  /** A process with the scheduler, and another to enqueue. */
  async enqueuer(): Promise<Process> {
    const [scheduler, enqueuer] = await Promise.all([this.process(), this.process()]);
    await scheduler.tell({ order: 'schedule' });
    return enqueuer;
  }

  /** Resolves when nothing of the queue is alive; answers that moment. */
  async settled(queue: string): Promise<number> {
    for (;;) {
      const { rows } = await this.twolane.database.query('select 1 from twolane.live where queue = $1 limit 1', [
        queue,
      ]);
      if (rows.length === 0) return nowMs();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** Ends one of its processes. */
  async end(child: Process): Promise<void> {
    this.#children.delete(child);
    await child.stop({ order: 'stop' });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.end(child)));
    for (const job of Object.values(benchJobs)) await this.twolane.lanes.get(job.lane)?.purge(job.queue);
    await this.twolane.close();
    await this.#database.drop();
  }
}

export const load = (child: Process, work: Load): Promise<{ startedAt: number; endedAt: number }> =>
  child.tell({ order: 'enqueue', load: work });

export const report = (child: Process): Promise<Counted> => child.tell({ order: 'report' });

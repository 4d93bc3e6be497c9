/**
 * What time does to jobs: enqueues those of schedules, wakes scheduled ones, cancels expired ones, takes the jobs of dead processes back, rolls statistics
 * up, and keeps this process dispatching the queues that nobody else does. Any number may run; each step is safe with others.
 */
import {
  type Catalog,
  type Clock,
  type Enqueuer,
  type FileStore,
  type Lane,
  type LaneName,
  type Logger,
  type QueuePath,
  type Repetition,
  type ScheduleDeclaration,
  sharesOf,
} from '../contract/index.ts';
import type { Database } from './database.ts';
import { DeadProcesses } from './dead-processes.ts';
import { Dispatcher, type Release } from './dispatch/dispatcher.ts';
import { QueueLeases } from './dispatch/leases.ts';
import { sweepLooseFiles } from './loose-files.ts';
import { Patrol } from './patrol.ts';
import { type PressureLimits, weighQueues } from './pressure.ts';
import { maintain, type Retention, vacuumLive } from './retention.ts';
import { declareSchedules, keepDeclared } from './schedules/declare.ts';
import { fireDue } from './schedules/fire.ts';
import { forgetFinished } from './type-retention.ts';
import { readTypes } from './type-status.ts';

export interface SchedulerOptions {
  database: Database;
  clock: Clock;
  lanes: ReadonlyMap<LaneName, Lane>;
  leaseMs: number;
  pressure: PressureLimits;
  /** How often the patrol takes a step, milliseconds. */
  patrolMs: number;
  retention: Retention;
  /** Where large payloads are; undefined where there are none. */
  files: FileStore | undefined;
  enqueuer: Enqueuer;
  catalog: Catalog;
  /** Those that the code declares. */
  schedules: readonly ScheduleDeclaration[];
  publish(jobs: readonly Release[]): void;
  /** Takes events from the outbox of webhooks; absent where there are none. */
  handOverEvents?(): Promise<void>;
  /** Looks for what is wrong, and tells whoever wants to know; absent where nobody is told. */
  alerts?: { watch(): Promise<void>; tell(): Promise<void> } | undefined;
  logger: Logger;
}

interface QueueFacts {
  queue: QueuePath;
  concurrency: number;
  smallest: number;
  rate: number;
  claimed_through: Date | null;
  pack: number;
}

const sweepMost = 1_000;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #leases: QueueLeases;
  readonly #dispatcher: Dispatcher;
  readonly #deadProcesses: DeadProcesses;
  readonly #patrol: Patrol;
  readonly #steps: Repetition[] = [];
  #queues: QueuePath[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#leases = new QueueLeases({ ...options, onLine: (queue) => this.#dispatcher.lineBegins(queue) });
    this.#dispatcher = new Dispatcher({ ...options, leases: this.#leases, queues: () => this.#queues });
    this.#deadProcesses = new DeadProcesses({ ...options, brokeWithin: (ms) => this.#leases.brokeWithin(ms) });
    this.#patrol = new Patrol(options);
  }

  async start(): Promise<void> {
    const { database, schedules, retention, files, handOverEvents, alerts, logger } = this.#options;
    await declareSchedules(this.#options, schedules);
    await this.#observe();
    this.#dispatcher.start();
    this.#every(100, 'wake scheduled jobs', () => this.#untilDry('select twolane.wake_due($1) as n'));
    this.#every(200, 'enqueue the jobs of schedules', () => fireDue(this.#options));
    if (handOverEvents) this.#every(100, 'hand events over', handOverEvents);
    if (alerts) this.#every(10_000, 'look for what is wrong', () => alerts.watch());
    if (alerts) this.#every(2_000, 'tell of alerts', () => alerts.tell());
    this.#every(200, 'look for dead processes', () => this.#deadProcesses.look());
    this.#every(100, 'tend the parked jobs', () => this.#tendLots());
    this.#every(500, 'observe the queues', () => this.#observe());
    this.#every(1_000, 'weigh the queues', () => this.#weighQueues());
    this.#every(1_000, 'cancel expired jobs', () => this.#untilDry('select twolane.sweep_expired($1) as n'));
    this.#every(1_000, 'roll statistics up', () => this.#call('select twolane.roll_up()'));
    this.#every(1_000, 'count dead jobs', () => this.#call('select twolane.roll_up_dead()'));
    this.#every(10_000, 'measure the queues', () => this.#call('select twolane.measure()'));
    this.#every(60_000, 'keep what was measured', () => this.#call('select twolane.measure_long()'));
    this.#every(1_000, 'forget discarded jobs', () => this.#untilDry('select twolane.forget_discarded($1) as n'));
    this.#every(2_000, 'vacuum the live table', () => vacuumLive(database));
    this.#every(10_000, 'stand by the declared schedules', () => keepDeclared(database, schedules));
    this.#every(2_000, 'forget finished jobs', () => forgetFinished(database));
    this.#every(10_000, 'forget old starts', () => this.#call('select twolane.sweep_starts()'));
    this.#every(2_000, 'look at the latency budgets', () => this.#giveWay());
    this.#every(this.#options.patrolMs, 'patrol the live jobs', () => this.#patrol.step(), 0);
    if (files) this.#every(1_000, 'remove files without a job', () => sweepLooseFiles(database, files));
    this.#every(600_000, 'maintain tables', () => maintain(database, retention, logger));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#dispatcher.stop(), ...this.#steps.map((step) => step.stop())]);
    await this.#leases.close();
  }

  /** Repeats a step, never two of the same at once; a failing step is told and tried again. */
  #every(ms: number, what: string, step: () => Promise<void>, firstMs = ms): void {
    const { clock, logger } = this.#options;
    const repetition = clock.repeat(firstMs, async () => {
      await step().catch((error) => logger.warn({ error }, `Could not ${what}; trying again`));
      return ms;
    });
    this.#steps.push(repetition);
  }

  async #call(sql: string): Promise<void> {
    await this.#options.database.retrying(() => this.#options.database.query(sql));
  }

  /** Repeats a statement that takes up to `sweepMost` jobs at a time until there are fewer. */
  async #untilDry(sql: string): Promise<void> {
    for (let swept = sweepMost; swept === sweepMost; ) {
      const { rows } = await this.#options.database.retrying(() =>
        this.#options.database.query<{ n: number }>(sql, [sweepMost]),
      );
      swept = rows[0]?.n ?? 0;
    }
  }

  async #tendLots(): Promise<void> {
    const { database, logger } = this.#options;
    const { rows } = await database.retrying(() =>
      database.query<{ queue: QueuePath; name: string; version: number }>('select * from twolane.tend_lots(1000)'),
    );
    for (const { queue, name, version } of rows)
      logger.info(
        { queue, type: name, version },
        'A worker can take jobs of this version now; those that waited come back',
      );
  }

  async #weighQueues(): Promise<void> {
    const { database, logger, pressure } = this.#options;
    const mine = this.#queues.filter((queue) => this.#leases.epoch(queue) !== undefined);
    for (const { queue, refuses } of await weighQueues(database, mine, pressure)) {
      if (refuses) logger.warn({ queue, code: refuses }, 'This queue takes no more jobs for now');
      else logger.info({ queue }, 'This queue takes jobs again');
    }
  }

  async #observe(): Promise<void> {
    const { rows } = await this.#options.database.query<QueueFacts>('select * from twolane.queue_facts()');
    this.#queues = rows.map((row) => row.queue);
    await this.#leases.acquire(this.#queues);
    await this.#dispatcher.observe(
      rows.map(({ queue, concurrency, smallest, rate, claimed_through, pack }) => ({
        queue,
        concurrency,
        smallest,
        ratePerS: rate,
        claimedThrough: claimed_through ?? undefined,
        pack,
      })),
    );
  }

  /** Lower work gives way while the budget of an urgent or high type burns. */
  async #giveWay(): Promise<void> {
    const types = await readTypes(this.#options.database, this.#options.catalog);
    this.#dispatcher.yield(sharesOf(types.map(({ status }) => ({ ...status, burn: status.burn1m }))));
  }
}

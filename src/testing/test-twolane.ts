/** `createTestTwolane`: an installation inside a test, without servers and without waiting. */
import { randomBytes } from 'node:crypto';
import { type Config, loadConfig } from '../config.ts';
import {
  type Catalog,
  type Enqueuer,
  type HandlersOf,
  type JobDefinition,
  type JobDetail,
  type LaneName,
  type Logger,
  type Middleware,
  type Operations,
  type Queryable,
  type ScheduleDeclaration,
  type Schedules,
  silentLogger,
} from '../contract/index.ts';
import { type MemoryLane, memoryLane } from '../lanes/memory/lane.ts';
import type { Database } from '../ledger/database.ts';
import { registerLimits } from '../ledger/limits.ts';
import { migrate, platformMigrations } from '../ledger/migrate.ts';
import { checkDeclarations } from '../ledger/schedules/declare.ts';
import { createSchedules } from '../ledger/schedules/schedules.ts';
import { registerRetention } from '../ledger/type-retention.ts';
import { registerQueues } from '../selection.ts';
import { type Duration, milliseconds } from './duration.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { Quiet } from './quiet.ts';
import { Runs } from './runs.ts';
import { makeSpy, type Spy } from './spy.ts';
import { TestProcess, type World } from './test-process.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface TestTwolaneOptions<C extends Catalog> {
  /** Isolated job types run in the test's own process. */
  catalog: C;
  /** A handler for every type, or what makes them. */
  handlers: HandlersOf<C> | ((parts: TestParts) => HandlersOf<C>);
  middleware?: readonly Middleware[];
  schedules?: readonly ScheduleDeclaration[];
  /** What the clock shows at first, from 2025 on. Default: the real time. */
  now?: Date | string;
  /** Worker processes. Default 1. */
  workers?: number;
  /** Settings by the names of the configuration, such as `TWOLANE_LEASE_MS`. */
  settings?: Record<string, string>;
  /** How long a handler may be at work before `drain` and `advance` complain, milliseconds of real time. Default 2,000. */
  patienceMs?: number;
  /** Default: nothing is logged. */
  logger?: Logger;
}

/** What handlers may be made with. */
export interface TestParts {
  enqueuer: Enqueuer;
  clock: TestClock;
  database: Queryable;
}

export interface TestClock {
  /** Milliseconds since 1970, as PostgreSQL's `now()` shows them too. */
  now(): number;
  /** Moves the time: `'90s'`, `'2h 30m'` or milliseconds. Resolves when all that became due on the way is done. */
  advance(duration: Duration): Promise<void>;
  /** Resolves when the clock has moved so far; rejects with the signal's reason when that is aborted. For handlers. */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>;
}

export interface TestTwolane extends Enqueuer {
  readonly clock: TestClock;
  /** Runs everything that is due, without moving the clock. @throws TwolaneError `still_busy` when a handler does not end */
  drain(): Promise<void>;
  spy(job: Pick<JobDefinition, 'type'>): Spy;
  /** A job with everything known about it. */
  job(id: string): Promise<JobDetail | undefined>;
  readonly operations: Operations;
  readonly schedules: Schedules;
  /** The broker of each lane: `wipe()` makes it forget everything, `switchPower(false)` takes it down. */
  readonly lanes: Readonly<Record<LaneName, MemoryLane>>;
  /** The database of the test; tables of your own may stand beside Twolane's. */
  readonly database: Pick<Database, 'query' | 'transaction'>;
  /** Ends all processes at once, as SIGKILL does. */
  close(): Promise<void>;
}

/** @throws TwolaneError `pglite_missing`, and what the declared schedules or the settings throw */
export async function createTestTwolane<C extends Catalog>(options: TestTwolaneOptions<C>): Promise<TestTwolane> {
  const installation = await install(options);
  const handlers = handlersOf(options, installation);
  for (let started = 0; started < (options.workers ?? 1); started += 1) await installation.startWorker(handlers);
  return installation.twolane;
}

/** A test's installation, whose workers are started by the caller. */
export interface Installation {
  twolane: TestTwolane;
  quiet: Quiet;
  startWorker(handlers: HandlersOf<Catalog>): Promise<TestProcess>;
}

export async function install<C extends Catalog>(options: TestTwolaneOptions<C>): Promise<Installation> {
  const { world, quiet, processes } = await makeWorld(options);
  const main = new TestProcess(world);
  processes.push(main);
  const { core } = main;
  await migrate(core.database, [platformMigrations]);
  await registerQueues(core.database, world.catalog);
  await registerLimits(core.database, world.catalog);
  await registerRetention(core.database, world.catalog);
  await main.startScheduler();
  const { clock, embedded } = world;
  return {
    quiet,
    async startWorker(handlers) {
      const worker = new TestProcess(world);
      processes.push(worker);
      await worker.startWorker(handlers);
      return worker;
    },
    twolane: {
      ...core.enqueuer,
      clock: testClock(world, quiet),
      drain: () => quiet.drain(),
      spy: (job) => makeSpy(job, { operations: core.operations, quiet, now: () => clock.now }),
      job: (id) => core.operations.get(id),
      operations: core.operations,
      schedules: createSchedules({ database: core.database, enqueuer: core.enqueuer, catalog: world.catalog }),
      lanes: world.lanes,
      database: core.database,
      async close() {
        for (const { gate } of processes) gate.kill();
        await Promise.all(processes.map(({ gate }) => gate.died));
        embedded.release();
      },
    },
  };
}

export function handlersOf<C extends Catalog>(
  { handlers }: Pick<TestTwolaneOptions<C>, 'handlers'>,
  { twolane }: Installation,
): HandlersOf<C> {
  if (typeof handlers !== 'function') return handlers;
  return handlers({ enqueuer: twolane, clock: twolane.clock, database: twolane.database });
}

async function makeWorld<C extends Catalog>(options: TestTwolaneOptions<C>) {
  const { schedules = [], middleware = [], logger = silentLogger, patienceMs = 2_000 } = options;
  const catalog = withoutIsolation(options.catalog);
  checkDeclarations(catalog, schedules);
  const clock = new VirtualClock(new Date(options.now ?? Date.now()).getTime());
  const embedded = await EmbeddedDatabase.open(clock.now);
  const lanes = { realtime: memoryLane({ name: 'realtime' }), bulk: memoryLane({ name: 'bulk' }) };
  const runs = new Runs();
  const processes: TestProcess[] = [];
  const config = testConfig(options.settings);
  const world: World = { config, catalog, middleware, schedules, clock, embedded, lanes, runs, logger };
  const gates = () => processes.map(({ gate }) => gate);
  const quiet = new Quiet({ clock, embedded, runs, gates, patienceMs });
  return { world, quiet, processes };
}

function testClock({ clock, runs }: World, quiet: Quiet): TestClock {
  return {
    now: () => clock.now,
    advance: (duration) => quiet.advance(milliseconds(duration)),
    sleep: (duration, signal) =>
      runs.sleeping(
        new Promise((resolve, reject) => {
          const callOff = clock.addTimer(milliseconds(duration), resolve);
          const stop = () => {
            callOff();
            reject(signal?.reason);
          };
          if (signal?.aborted) stop();
          else signal?.addEventListener('abort', stop, { once: true });
        }),
      ),
  };
}

/** Children of a process would find neither its database nor its clock. */
function withoutIsolation(catalog: Catalog): Catalog {
  const here = (job: JobDefinition): JobDefinition => (job.isolated ? { ...job, isolated: undefined } : job);
  return Object.fromEntries(Object.entries(catalog).map(([type, job]) => [type, here(job)]));
}

/** No server is ever asked, so any address will do. Consumers are not probed: nothing could keep a lane of the test from working. */
function testConfig(settings: Record<string, string> = {}): Config {
  return loadConfig({
    DATABASE_URL: 'postgres://embedded',
    REDIS_URL: 'redis://embedded',
    AMQP_URL: 'amqp://embedded',
    TWOLANE_CANARY_MS: String(10 ** 9),
    // For job types with secret fields; nothing outlives the test.
    TWOLANE_SECRET_KEYS: randomBytes(32).toString('base64'),
    ...settings,
  });
}

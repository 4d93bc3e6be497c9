/** `createTwolane`: the one place where the parts are put together. The entry files and an app of yours call nothing else. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Router } from 'express';
import { dashboardRouter } from '../dashboard/app.ts';
import type { DashboardDeps } from '../dashboard/deps.ts';
import type { PlatformServices } from '../jobs/services.ts';
import type { IsolatedParts } from '../workers/isolated/serve.ts';
import { Worker } from '../workers/run-worker.ts';
import { apiRouter, healthRouter, metricsRouter } from './api/app.ts';
import type { Config } from './config.ts';
import type { TokenIssuer } from './contract/auth.ts';
import type {
  AnyHandlers,
  Catalog,
  DatabaseFor,
  Enqueuer,
  FileStore,
  Lane,
  LaneName,
  Logger,
  MassOperations,
  MediaReader,
  Middleware,
  ScheduleDeclaration,
  Schedules,
} from './contract/index.ts';
import { type Core, createCore } from './core.ts';
import { diskStore } from './files/disk-store.ts';
import { operatorSessions } from './http/auth/operators.ts';
import { seedCredentials } from './http/auth/seed.ts';
import { createTokens } from './http/auth/tokens.ts';
import type { ProductModule } from './http/route.ts';
import { registerLimits } from './ledger/limits.ts';
import { createMassOperations } from './ledger/mass/operations.ts';
import { migrate, platformMigrations } from './ledger/migrate.ts';
import { maintain, type Retention } from './ledger/retention.ts';
import { Scheduler } from './ledger/scheduler.ts';
import { checkDeclarations } from './ledger/schedules/declare.ts';
import { createSchedules } from './ledger/schedules/schedules.ts';
import { createMediaParts } from './media-parts.ts';
import { isolationOf, operationJob, queuesOf, registerQueues, type WorkerSelection } from './selection.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** What a product is given to build itself on. */
export interface ProductParts {
  db: DatabaseFor;
  feedRedisUrl: string;
  prefix: string;
  enqueuer: Enqueuer;
  media: MediaReader;
  tokens: TokenIssuer;
  logger: Logger;
}

export interface TwolaneOptions {
  config: Config;
  /** Every job type by name. */
  catalog: Catalog;
  /** Makes the handlers of a process; called only where a worker is started. */
  handlers(services: PlatformServices): AnyHandlers;
  /** Schedules that the code brings along; operators may edit them. */
  schedules?: readonly ScheduleDeclaration[];
  /** A product on top: its routes, its tables, its handlers. */
  product?(parts: ProductParts): { product: ProductModule; handlers: AnyHandlers };
  /** Around every handler, in this order, the first one outermost. */
  middleware?: readonly Middleware[];
  /**
   * `import.meta.url` of a module that exports `createApp(config, overrides)`, which answers `createTwolane({ …, config,
   * ...overrides })`. Child processes import it to run the handlers of isolated job types.
   */
  app?: string;
  /** Stands in for a lane, such as the memory lane in tests. */
  lanes?: Partial<Record<LaneName, Lane>>;
  /**
   * Where payloads above TWOLANE_INLINE_PAYLOAD_BYTES go. Default: the folder TWOLANE_FILES_DIR. False, where the processes
   * share no store: such payloads are refused.
   */
  payloadFiles?: FileStore | false;
  logger?: Logger;
}

export interface Twolane
  extends Enqueuer,
    Pick<Core, 'operations' | 'events' | 'lanes' | 'database' | 'logger' | 'config'> {
  catalog: Catalog;
  schedules: Schedules;
  /** One change to many jobs. */
  massOperations: MassOperations;
  /** Brings the tables up to date, seeds the first credentials. Returns the names of the migrations that ran. */
  migrate(): Promise<string[]>;
  /** Connects the lanes in the background. */
  start(): Promise<void>;
  /** The HTTP API as an Express router, for any path. */
  api(): Router;
  /** /metrics alone, without credentials, for a port that only operators reach. */
  metrics(): Router;
  /** /healthz and /readyz alone, for a process without an API. */
  health(): Router;
  /** The operators' pages as an Express router, for any path. Without `authorize` they have a login of their own. */
  dashboard(options?: { authorize?: DashboardDeps['authorize'] }): Router;
  worker(selection?: WorkerSelection): Worker;
  /** What a child process needs to run isolated handlers; only that process asks for it. */
  isolated(): IsolatedParts;
  scheduler(): Scheduler;
  close(): Promise<void>;
}

export type { WorkerSelection } from './selection.ts';

export const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

export function createTwolane(options: TwolaneOptions): Twolane {
  const { config, catalog, schedules: declared = [] } = options;
  checkDeclarations(catalog, declared);
  const logger = options.logger ?? createLogger({ level: config.LOG_LEVEL });
  const files = diskStore({ folder: resolve(config.TWOLANE_FILES_DIR) });
  const payloadFiles = options.payloadFiles === false ? undefined : (options.payloadFiles ?? files);
  const core = createCore({ config, catalog, logger, lanes: options.lanes, files: payloadFiles });
  const { database, enqueuer, operations, events, lanes } = core;
  const tokens = createTokens(database);
  const schedules = createSchedules({ database, enqueuer, catalog });
  const metrics = createMetrics({ operations });
  const media = createMediaParts(core, files, catalog);
  const massOperations = createMassOperations({
    database,
    enqueuer,
    job: () => operationJob(catalog),
    undoMs: config.TWOLANE_UNDO_MS,
  });
  const db = database.databaseFor;
  const built = options.product?.({
    db,
    feedRedisUrl: config.feedRedisUrl,
    prefix: config.TWOLANE_PREFIX,
    enqueuer,
    media: media.service,
    tokens,
    logger,
  });
  const laneList = [...lanes.values()];
  const workers: Worker[] = [];
  const health = {
    catalog,
    operations,
    db: database,
    lanes: laneList,
    consumers: () => Object.assign({}, ...workers.map((worker) => worker.consumers())),
    logger,
  };
  const handlers = (): AnyHandlers => ({
    ...options.handlers({
      enqueuer: core.followUps,
      files,
      media: media.services(),
      operations: massOperations,
    }),
    ...built?.handlers,
  });
  return {
    ...enqueuer,
    operations,
    events,
    lanes,
    database,
    logger,
    config,
    catalog,
    schedules,
    massOperations,
    async migrate() {
      const applied = await migrate(database, [platformMigrations, ...(built ? [built.product.migrations] : [])]);
      await maintain(database, retentionOf(config), logger);
      await registerQueues(database, catalog);
      await registerLimits(database, catalog);
      await seedCredentials(database, config);
      return applied;
    },
    start: () => core.start(),
    api: () =>
      apiRouter({
        ...health,
        config,
        enqueuer,
        schedules,
        massOperations,
        events,
        tokens,
        metrics,
        media: media.service,
        files,
        product: built?.product,
      }),
    health: () => healthRouter(health),
    metrics: () => metricsRouter({ metrics, logger }),
    dashboard: ({ authorize } = {}) =>
      dashboardRouter({
        catalog,
        operations,
        schedules,
        massOperations,
        events,
        lanes: laneList,
        db: database,
        environment: config.TWOLANE_ENV,
        logger,
        ...(authorize ? { authorize } : { login: operatorSessions({ db: database }) }),
      }),
    worker: (selection = {}) => {
      const worker = new Worker({
        ...core,
        enqueuer: core.followUps,
        catalog,
        handlers: handlers(),
        middleware: options.middleware ?? [],
        isolation: isolationOf(options),
        directUrl: config.directUrl,
        queues: queuesOf(catalog, selection, config),
        total: selection.total ?? config.TWOLANE_WORKER_CONCURRENCY,
        host: config.host,
        role: selection.role ?? selection.lane ?? 'worker',
        version,
        leaseMs: config.TWOLANE_LEASE_MS,
        canaryMs: config.TWOLANE_CANARY_MS,
        drainMs: config.TWOLANE_DRAIN_MS,
      });
      workers.push(worker);
      return worker;
    },
    isolated: () => ({ ...core, catalog, handlers: handlers(), enqueuer: core.followUps }),
    scheduler: () =>
      new Scheduler({
        ...core,
        enqueuer: core.followUps,
        directUrl: config.directUrl,
        leaseMs: config.TWOLANE_LEASE_MS,
        pressure: {
          maxAgeMs: { realtime: config.TWOLANE_REALTIME_MAX_AGE_MS, bulk: config.TWOLANE_BULK_MAX_AGE_MS },
          maxBytes: config.TWOLANE_LEDGER_MAX_BYTES,
        },
        patrolMs: config.TWOLANE_PATROL_MS,
        retention: retentionOf(config),
        files: core.payloadStore,
        catalog,
        schedules: declared,
        publish: (jobs) => core.publisher.publish(jobs),
      }),
    async close() {
      media.close();
      await built?.product.close();
      await core.close();
    },
  };
}

function retentionOf(config: Config): Retention {
  return {
    days: config.TWOLANE_RETENTION_DAYS,
    jobs: config.TWOLANE_RETENTION_JOBS,
    bytes: config.TWOLANE_RETENTION_BYTES,
  };
}

/** What an app gives to `createTwolane`, and what it gets. */
import type { Router } from 'express';
import type { Authorize } from '../dashboard/deps.ts';
import type { PlatformServices } from '../jobs/services.ts';
import type { IsolatedParts } from '../workers/isolated/serve.ts';
import type { Worker } from '../workers/run-worker.ts';
import type { Config, GivenSettings } from './config.ts';
import type {
  AnyHandlers,
  Catalog,
  Enqueuer,
  FileStore,
  HandlersOf,
  Lane,
  LaneName,
  Logger,
  MassOperations,
  MetricsOf,
  Middleware,
  ProductParts,
  ScheduleDeclaration,
  Schedules,
} from './contract/index.ts';
import type { Core } from './core.ts';
import type { ProductModule } from './http/route.ts';
import type { Scheduler } from './ledger/scheduler.ts';
import type { WorkerSelection } from './selection.ts';

/** A handler for every type of the catalog, where the compiler knows which those are. */
export type HandlersFor<C extends Catalog> = string extends keyof C ? AnyHandlers : HandlersOf<C>;

export interface TwolaneOptions<C extends Catalog = Catalog> {
  /**
   * Settings by the names in docs/configuration.md, the defaults there for all that is left out. The environment is not
   * read: an app that wants it gives `loadConfig()`.
   */
  config: Config | GivenSettings;
  /** Every job type by name. `...platformJobs` adds those of the platform: media, operations on many jobs, webhooks. */
  catalog: C;
  /** The handlers by job type; or a function that makes them, called only where a worker is started. */
  handlers: HandlersFor<C> | ((services: PlatformServices) => HandlersFor<C>);
  /** Schedules that the code brings along; operators may edit them. */
  schedules?: readonly ScheduleDeclaration[];
  /** A product on top: its routes, its tables, its handlers. */
  product?(parts: ProductParts): { product: ProductModule; handlers: AnyHandlers };
  /** Around every handler, in this order, the first one outermost. */
  middleware?: readonly Middleware[];
  /**
   * `import.meta.url` of the module that makes this Twolane and exports it as `twolane` or by default (or exports a function
   * `createApp(config, overrides)`). Child processes import it to run the handlers of isolated job types.
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
  /** /metrics alone, without credentials, for a port that only operators reach. Default: of the whole installation. */
  metrics(of?: MetricsOf): Router;
  /** /healthz and /readyz alone, for a process without an API. */
  health(): Router;
  /** The operators' pages as an Express router, for any path. Without `authorize` they have a login of their own. */
  dashboard(options?: { authorize?: Authorize }): Router;
  /** A worker in this process: `await twolane.worker().start()`. */
  worker(selection?: WorkerSelection): Worker;
  /** What a child process needs to run isolated handlers; only that process asks for it. */
  isolated(): IsolatedParts;
  /** A scheduler in this process; any number may run in an installation, one has to. */
  scheduler(): Scheduler;
  /** Drains the workers and stops the schedulers that were made here, then closes. Event streams are the server's to end. */
  stop(): Promise<void>;
  /** Lets every connection go. */
  close(): Promise<void>;
}

/** What the API is given: everything it calls, built elsewhere. */
import type { Config } from '../config.ts';
import type {
  Catalog,
  ConsumerHealth,
  Enqueuer,
  FileStore,
  JobEvents,
  Lane,
  Logger,
  MassOperations,
  MediaService,
  MediaUploads,
  Metrics,
  Operations,
  Queryable,
  QueuePath,
  Schedules,
  Tracer,
  Webhooks,
} from '../contract/index.ts';
import type { Tokens } from '../http/auth/tokens.ts';
import type { ProductModule } from '../http/route.ts';

/** What the health of a process is told from; every process has it, with an API or not. */
export interface HealthDeps {
  catalog: Catalog;
  operations: Operations;
  db: Queryable;
  lanes: readonly Lane[];
  /** The consumers of this process by queue; empty without workers. */
  consumers(): Record<QueuePath, ConsumerHealth>;
}

export interface ApiDeps extends HealthDeps {
  config: Config;
  enqueuer: Enqueuer;
  schedules: Schedules;
  massOperations: MassOperations;
  events: JobEvents;
  tokens: Tokens;
  metrics: Metrics;
  tracer: Tracer | undefined;
  media: MediaService;
  uploads: MediaUploads;
  files: FileStore;
  webhooks: Webhooks;
  product?: ProductModule;
  logger: Logger;
}

/** What the API is given: everything it calls, built elsewhere. */
import type { Config } from '../config.ts';
import type {
  Catalog,
  Enqueuer,
  FileStore,
  JobEvents,
  Lane,
  Logger,
  MediaService,
  Metrics,
  Operations,
  Queryable,
  Schedules,
} from '../contract/index.ts';
import type { Tokens } from '../http/auth/tokens.ts';
import type { ProductModule } from '../http/route.ts';

export interface ApiDeps {
  config: Config;
  catalog: Catalog;
  enqueuer: Enqueuer;
  operations: Operations;
  schedules: Schedules;
  events: JobEvents;
  db: Queryable;
  lanes: readonly Lane[];
  tokens: Tokens;
  metrics: Metrics;
  media: MediaService;
  files: FileStore;
  product?: ProductModule;
  logger: Logger;
}

/** What the parts that help people move ask of an installation; `createTwolane` answers all of it. */
import type { Catalog, Enqueuer, JobEvents, Logger, Operations, Schedules } from '../contract/index.ts';

export interface Platform extends Enqueuer {
  catalog: Catalog;
  operations: Operations;
  events: JobEvents;
  schedules: Schedules;
  logger: Logger;
}

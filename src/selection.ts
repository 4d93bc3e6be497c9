/** What the processes of an installation take from its catalog: queues with their slots, isolated types, the platform's own jobs. */

import type { Config } from './config.ts';
import { inheritedEnvironment } from './config.ts';
import {
  type Catalog,
  type JobDefinition,
  type LaneName,
  type Queryable,
  type QueuePath,
  queuePath,
  splitQueuePath,
  TwolaneError,
} from './contract/index.ts';

export interface WorkerSelection {
  /** Default: both. */
  lane?: LaneName;
  /** Names inside the lane. Default: every queue that the catalog mentions. */
  queues?: readonly string[];
  /** Jobs at once on each queue. Default: TWOLANE_REALTIME_CONCURRENCY and TWOLANE_BULK_CONCURRENCY. */
  concurrency?: number;
  /** Jobs at once over all queues. Default: TWOLANE_WORKER_CONCURRENCY. */
  total?: number;
  role?: string;
}

/** @throws TwolaneError `no_operation_job` */
export function operationJob(catalog: Catalog): JobDefinition {
  const definition = catalog['run-operation'];
  if (definition) return definition;
  throw new TwolaneError('no_operation_job', 'Operations need the job type run-operation in the catalog');
}

/** Connections to PostgreSQL of a child process: it runs one job at a time. */
const childPool = 2;

/** What the children of a worker load; undefined when no job type is isolated. @throws TwolaneError `app_unknown` */
export function isolationOf({ app, catalog, config }: { app?: string | undefined; catalog: Catalog; config: Config }) {
  const isolated = Object.values(catalog).find((job) => job.isolated);
  if (!isolated) return undefined;
  if (app !== undefined)
    return { app, config: { ...config, TWOLANE_DATABASE_POOL: childPool }, environment: inheritedEnvironment() };
  throw new TwolaneError(
    'app_unknown',
    `Job type ${isolated.type} is isolated: give createTwolane { app: import.meta.url } of the module that exports what it answers`,
  );
}

/** Queues are known before their first job, so that operators see them and can pause them. */
export async function registerQueues(database: Queryable, catalog: Catalog): Promise<void> {
  const paths = [...new Set(Object.values(catalog).map((job) => queuePath(job.lane, job.queue)))];
  await database.query('insert into twolane.queues (queue) select unnest($1::text[]) on conflict do nothing', [paths]);
}

/** The queues of a selection with their slots. */
export function queuesOf(
  catalog: Catalog,
  selection: WorkerSelection,
  config: Config,
): { queue: QueuePath; concurrency: number }[] {
  const paths = [...new Set(Object.values(catalog).map((job) => queuePath(job.lane, job.queue)))];
  const wanted = paths.filter((path) => {
    const { lane, queue } = splitQueuePath(path);
    return (!selection.lane || selection.lane === lane) && (!selection.queues || selection.queues.includes(queue));
  });
  const defaults = { realtime: config.TWOLANE_REALTIME_CONCURRENCY, bulk: config.TWOLANE_BULK_CONCURRENCY };
  return wanted.map((queue) => ({ queue, concurrency: selection.concurrency ?? defaults[splitQueuePath(queue).lane] }));
}

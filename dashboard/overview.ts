/** The overview as data: what both lanes, the ledger and the fleet look like at one moment. */

import type { Queryable } from '../src/contract/database.ts';
import type { DeadGroup } from '../src/contract/dead-letters.ts';
import type { Alarm, WorkerStatus } from '../src/contract/fleet.ts';
import type { LaneHealth } from '../src/contract/lane.ts';
import type { Operation } from '../src/contract/operation.ts';
import type { Books, DatabaseFacts } from '../src/contract/operations.ts';
import type { FanOutView } from '../src/contract/product.ts';
import type { QueueStatus } from '../src/contract/queue-status.ts';
import type { LaneName } from '../src/contract/words.ts';
import type { DashboardDeps } from './deps.ts';
import { Part } from './part.ts';

/** The newest of the minutes that were measured: what died in each queue in the last 24 hours, by its path. */
export type DeadToday = Record<string, number>;

/** One moment, ISO 8601. What could not be read keeps its last value (null or empty at first) and is named in `errors`. */
export interface Overview {
  at: string;
  environment: string;
  queues: QueueStatus[];
  lanes: (LaneHealth & { name: LaneName })[];
  workers: WorkerStatus[];
  /** What will not mend itself. */
  alarms: Alarm[];
  books: Books | null;
  dead: DeadGroup[];
  database: DatabaseFacts | null;
  deadToday: DeadToday;
  /** Changes to many jobs that are not over, and the newest posts on their way into feeds; a few of each. */
  underWay: { operations: Operation[]; fanOuts: FanOutView[] };
  /** Free bytes where files are; null where the store has no such number. */
  diskFreeBytes: number | null;
  errors: string[];
}

/** Reads the overview; each part at its own pace, so that a glance each second costs the database little. */
export function overviewReader(deps: DashboardDeps): () => Promise<Overview> {
  const { operations, lanes, db, files, environment } = deps;
  const parts = {
    queues: new Part<QueueStatus[]>('queues', 900, [], () => operations.queues()),
    lanes: new Part<Overview['lanes']>('brokers', 3_000, [], () =>
      Promise.all(lanes.map(async (lane) => ({ name: lane.name, ...(await lane.health()) }))),
    ),
    workers: new Part<WorkerStatus[]>('workers', 2_000, [], () => operations.workers()),
    alarms: new Part<Alarm[]>('alarms', 3_000, [], () => operations.alarms()),
    books: new Part<Books | null>('books', 3_000, null, () => operations.books()),
    dead: new Part<DeadGroup[]>('dead letters', 3_000, [], () =>
      operations.deadGroups({}, { limit: 8 }).then(({ items }) => items),
    ),
    deadToday: new Part<DeadToday>('deaths', 10_000, {}, () => deadToday(db)),
    underWay: new Part<Overview['underWay']>('what is under way', 3_000, { operations: [], fanOuts: [] }, () =>
      readUnderWay(deps),
    ),
    disk: new Part<number | null>('the file store', 10_000, null, async () => (await files.freeBytes()) ?? null),
    database: new Part<DatabaseFacts | null>('PostgreSQL', 5_000, null, () => operations.databaseFacts()),
  };
  return async () => {
    await Promise.all(Object.values(parts).map((part) => part.refresh()));
    const errors = Object.values(parts).flatMap((part) => (part.error ? [`${part.name}: ${part.error}`] : []));
    return {
      at: new Date().toISOString(),
      environment,
      queues: parts.queues.value,
      lanes: parts.lanes.value,
      workers: parts.workers.value,
      alarms: parts.alarms.value,
      books: parts.books.value,
      dead: parts.dead.value,
      database: parts.database.value,
      deadToday: parts.deadToday.value,
      underWay: parts.underWay.value,
      diskFreeBytes: parts.disk.value,
      errors,
    };
  };
}

/** So many are shown of each. */
const few = 4;
/** An operation that lasts is soon not among the newest any more; these many are looked at. */
const newest = 50;

async function readUnderWay({ massOperations, product }: DashboardDeps): Promise<Overview['underWay']> {
  const [{ items }, insight] = await Promise.all([massOperations.list({ limit: newest }), product?.insight?.()]);
  const under = items.filter(({ status }) => ['running', 'waiting', 'undoing'].includes(status));
  return { operations: under.slice(0, few), fanOuts: insight?.fanOuts.slice(0, few) ?? [] };
}

async function deadToday(db: Queryable): Promise<DeadToday> {
  const { rows } = await db.query<{ queue: string; dead: number }>(
    `select queue, sum(dead)::int as dead from twolane.measurements
     where step = 60 and at > now() - interval '24 hours' group by queue having sum(dead) > 0`,
  );
  return Object.fromEntries(rows.map(({ queue, dead }) => [queue, dead]));
}

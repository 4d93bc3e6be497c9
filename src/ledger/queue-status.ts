/** The queues as operators see them: capped counts, ages and rates, each from an index or the per-second statistics. */
import {
  backlogMs,
  type Catalog,
  type Lane,
  type LaneName,
  type Queryable,
  type QueuePath,
  type QueueStatus,
  type RefusalCode,
  splitQueuePath,
} from '../contract/index.ts';
import { ofQueue, readTypes } from './type-status.ts';

/** Counts stop here, so that a look costs the same with a million jobs waiting. */
export const countCap = 10_000;

interface Row {
  queue: QueuePath;
  paused: boolean;
  held: boolean;
  blocked: number;
  scheduled: number;
  waiting: number;
  queued: number;
  running: number;
  dead: number;
  oldest_ms: number | null;
  enqueued_per_s: number;
  finished_per_s: number;
  failed_per_s: number;
  workers: number;
  concurrency: number;
  spark: number[];
  /** bigint: as text. */
  max_age_ms: string | null;
  refuses: RefusalCode | null;
  retry_after_s: number | null;
}

export async function readQueues(
  database: Queryable,
  lanes: ReadonlyMap<LaneName, Lane>,
  catalog: Catalog,
): Promise<QueueStatus[]> {
  const [{ rows }, types] = await Promise.all([
    database.query<Row>(
      'select s.*, q.max_age_ms, q.refuses, q.retry_after_s from twolane.queue_status($1) s join twolane.queues q using (queue)',
      [countCap],
    ),
    readTypes(database, catalog),
  ]);
  return Promise.all(
    rows.map(async (row) => {
      const status = { ...(await toStatus(row, lanes)), ...ofQueue(types, row.queue) };
      return { ...status, backlogMs: backlogMs(status) };
    }),
  );
}

type FromTypes = keyof ReturnType<typeof ofQueue> | 'backlogMs';

async function toStatus(row: Row, lanes: ReadonlyMap<LaneName, Lane>): Promise<Omit<QueueStatus, FromTypes>> {
  const { lane, queue } = splitQueuePath(row.queue);
  const depth = await lanes.get(lane)?.inspect(queue);
  return {
    lane,
    queue,
    paused: row.paused,
    held: row.held,
    maxAgeMs: row.max_age_ms === null ? null : Number(row.max_age_ms),
    refusing: row.refuses && { code: row.refuses, retryAfterS: row.retry_after_s ?? 60 },
    counts: {
      blocked: row.blocked,
      scheduled: row.scheduled,
      waiting: row.waiting,
      queued: row.queued,
      running: row.running,
      dead: row.dead,
    },
    oldestMs: row.oldest_ms === null ? null : Math.max(0, Math.round(row.oldest_ms)),
    enqueuedPerS: row.enqueued_per_s,
    finishedPerS: row.finished_per_s,
    failedPerS: row.failed_per_s,
    workers: row.workers,
    concurrency: row.concurrency,
    broker: depth ? { ready: depth.ready, unacked: depth.unacked } : null,
    spark: row.spark,
  };
}

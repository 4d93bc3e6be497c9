/** The queues as operators see them: capped counts, ages and rates, each from an index or the per-second statistics. */
import {
  type Lane,
  type LaneName,
  type Queryable,
  type QueuePath,
  type QueueStatus,
  type RefusalCode,
  splitQueuePath,
} from '../contract/index.ts';

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
  p95_run_ms: number | null;
  p95_wait_ms: number | null;
  workers: number;
  concurrency: number;
  spark: number[];
  /** bigint: as text. */
  max_age_ms: string | null;
  refuses: RefusalCode | null;
  retry_after_s: number | null;
}

export async function readQueues(database: Queryable, lanes: ReadonlyMap<LaneName, Lane>): Promise<QueueStatus[]> {
  const { rows } = await database.query<Row>(
    'select s.*, q.max_age_ms, q.refuses, q.retry_after_s from twolane.queue_status($1) s join twolane.queues q using (queue)',
    [countCap],
  );
  return Promise.all(rows.map((row) => toStatus(row, lanes)));
}

async function toStatus(row: Row, lanes: ReadonlyMap<LaneName, Lane>): Promise<QueueStatus> {
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
    p95RunMs: row.p95_run_ms,
    p95WaitMs: row.p95_wait_ms,
    workers: row.workers,
    concurrency: row.concurrency,
    broker: depth ? { ready: depth.ready, unacked: depth.unacked } : null,
    spark: row.spark,
  };
}

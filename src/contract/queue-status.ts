/** A queue as operators see it. */
import type { RefusalCode } from './errors.ts';
import type { LaneName } from './words.ts';

/** A queue as operators see it. Counts come from the ledger, `ready`, `unacked` and `consumers` from the broker. */
export interface QueueStatus {
  lane: LaneName;
  queue: string;
  paused: boolean;
  /** True while the dispatcher holds jobs back because the broker's window is full. */
  held: boolean;
  /** Set for this queue by an operator, milliseconds; null: the configuration decides. See `setMaxAge`. */
  maxAgeMs: number | null;
  /** While new jobs are refused: why, and when to try again. */
  refusing: { code: RefusalCode; retryAfterS: number } | null;
  /** Counts up to `countCap`; above it the number is the cap. */
  counts: { blocked: number; scheduled: number; waiting: number; queued: number; running: number; dead: number };
  /** Age of the oldest job that could run and has not started, in milliseconds; null when there is none. */
  oldestMs: number | null;
  /** Jobs per second over the last 60 s. */
  enqueuedPerS: number;
  finishedPerS: number;
  failedPerS: number;
  /** Over the last 5 minutes; null without samples. */
  p50RunMs: number | null;
  p95RunMs: number | null;
  p50WaitMs: number | null;
  p95WaitMs: number | null;
  /** The tightest latency budget of its types, milliseconds; null when no type of the catalog uses the queue. */
  budgetMs: number | null;
  /** How fast the budget of its worst type burns: 1 when 5 % of the starts are late. Null without starts. */
  burn1m: number | null;
  burn1h: number | null;
  /** Live worker processes that consume the queue, and the jobs they can run at once. */
  workers: number;
  concurrency: number;
  broker: { ready: number; unacked: number } | null;
  /** Finished jobs in each of the last 30 periods of 10 s, oldest first. */
  spark: number[];
  /** How long the workers of now need for what waits and is queued, milliseconds: what to scale by. See `backlogMs`. */
  backlogMs: number;
}

/**
 * Waiting and queued jobs over the rate at which they leave. While all slots are taken that is what was finished over the last
 * minute; with slots free the workers could do more: their slots over the usual time of a job. Where nothing is known, one
 * job a minute. Milliseconds; counts stop at the cap of counting, so it does too.
 */
export function backlogMs(queue: Omit<QueueStatus, 'backlogMs'>): number {
  const { counts, concurrency, finishedPerS, p50RunMs } = queue;
  const couldPerS = counts.running < concurrency && p50RunMs ? (concurrency * 1_000) / p50RunMs : 0;
  const perS = Math.max(finishedPerS, couldPerS, 1 / 60);
  return Math.round(((counts.waiting + counts.queued) * 1_000) / perS);
}

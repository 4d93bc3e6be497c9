/** What the platform knows of itself beside the jobs: how its types keep their promises, and what it had to mend. */
import type { Histogram } from './histogram.ts';
import type { Ending } from './outcome.ts';
import type { LaneName, Priority, QueuePath } from './words.ts';

/** A latency budget and how fast it burns; see `burnOf`. */
export interface BudgetStatus {
  /** How late a job may start after it could have, milliseconds. */
  budgetMs: number;
  /** 1 when exactly as many starts are late as may be (5 %); null without starts. Over the last minute and hour. */
  burn1m: number | null;
  burn1h: number | null;
}

/** How a job type fares. Times in milliseconds over the last five minutes, null without samples. */
export interface TypeStatus extends BudgetStatus {
  type: string;
  queue: QueuePath;
  priority: Priority;
  /** Over the last minute. */
  startsPerS: number;
  /** From when nothing but its turn kept a job from starting until it started. */
  p50WaitMs: number | null;
  p95WaitMs: number | null;
  p50RunMs: number | null;
  p95RunMs: number | null;
}

/** What became of all jobs of a type in a queue since the installation was made. Counts only rise. */
export interface TypeTotals {
  type: string;
  queue: QueuePath;
  starts: number;
  /** Starts that came later than the budget of the type. */
  late: number;
  /** Deliveries that a broker had given out before. */
  redelivered: number;
  endings: Record<Ending, number>;
  /** From when nothing but its turn kept a job from starting until it started, and from start to end. */
  waits: Histogram;
  runs: Histogram;
  /** All of those times together, seconds. */
  waitS: number;
  runS: number;
}

/** How far behind the dispatcher of a queue is. */
export interface DispatchLag {
  queue: QueuePath;
  /** Since when the first job in line could have been given to the broker, milliseconds; 0 while none may or none waits. */
  lagMs: number;
}

/** Where a job stands in its queue, and when it should be done. */
export interface Estimate {
  /** Jobs that start before it, counted up to 10,000: `more` when there may be more. Null when it does not wait its turn. */
  position: { ahead: number; more: boolean } | null;
  /** When it should have ended, ISO 8601; null when nothing can be said. */
  eta: string | null;
}

/** Something that was not as it must be, and was put right. */
export interface Repair {
  id: string;
  at: string;
  /** `lost`, `settled_twice`, `orphaned`, `unblocked`, `freed`, `requeued`, `abandoned`, `republished`, `counters`. */
  kind: string;
  lane: LaneName | null;
  queue: string | null;
  /** How many jobs, and up to 100 of them. */
  jobs: number;
  jobIds: string[];
  /** What was wrong and what was done. */
  detail: string;
}

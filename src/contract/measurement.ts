/** What was measured over time, for those who look back. */
import type { Histogram } from './histogram.ts';
import type { LaneName } from './words.ts';

/** Which stretch of time, in which steps, of which queues. */
export interface MeasurementQuery {
  from: Date;
  to: Date;
  /** Length of a step, milliseconds; at least a minute, beyond two days back at least half an hour. */
  stepMs: number;
  /** Default: both. */
  lane?: LaneName | undefined;
  /** Default: all. */
  queue?: string | undefined;
  /** A job type. Default: all. What only queues are counted for is zero then, and `oldestMs` that of its queue. */
  type?: string | undefined;
}

/** All that was counted in one step, over the queues that were asked for. */
export interface Measurement {
  /** Begin of the step, ISO 8601. */
  at: string;
  enqueued: number;
  succeeded: number;
  /** Attempts that failed, and jobs that did so for the last time. */
  failed: number;
  dead: number;
  cancelled: number;
  starts: number;
  /** Starts later than the latency budget of their type. */
  late: number;
  waits: Histogram;
  runs: Histogram;
  /** The oldest that was seen of jobs that could run and had not started, milliseconds. */
  oldestMs: number;
}

/** A job as it is read: in lists, with everything known about it, its attempts and log lines, and how lists are narrowed. */
import type { JobError } from './errors.ts';
import type { JobState } from './state.ts';
import type { Json, JsonObject, LaneName, Priority } from './words.ts';

/** One try at a job. */
export interface Attempt {
  attempt: number;
  worker: string | null;
  startedAt: string;
  finishedAt: string | null;
  outcome: 'running' | 'succeeded' | 'failed' | 'timed_out' | 'crashed' | 'cancelled' | 'released';
  /** When somebody asked for the cancel of the job while this attempt ran. */
  cancelRequestedAt: string | null;
  /** When its work had really stopped; null while it has not, and when nobody can know. */
  stoppedAt: string | null;
  error: JobError | null;
}

/** A line that a handler wrote with `ctx.log`. */
export interface JobLogLine {
  at: string;
  attempt: number;
  message: string;
  fields: JsonObject | null;
}

/** A job as lists show it. Times are ISO 8601 UTC. */
export interface JobSummary {
  id: string;
  type: string;
  lane: LaneName;
  queue: string;
  state: JobState;
  /** Why it is in that state when the state does not say: `expired`, `discarded`, `waits for job 42`. */
  reason: string | null;
  priority: Priority;
  key: string | null;
  tenant: string | null;
  owner: string | null;
  attempt: number;
  maxAttempts: number;
  enqueuedAt: string;
  runAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  worker: string | null;
  error: JobError | null;
}

/** A job with everything known about it. */
export interface JobDetail extends JobSummary {
  version: number;
  /** Null with a `payloadFile`; `Operations.payload` reads that. */
  payload: Json;
  /** Set when the payload was too large for its row. */
  payloadFile: { bytes: number; sha256: string } | null;
  /** Null with a `resultFile`; `Operations.result` reads that. */
  result: Json | null;
  /** Set when the result was too large for its row. */
  resultFile: { bytes: number; sha256: string } | null;
  metadata: JsonObject | null;
  attempts: Attempt[];
  progress: { percent: number; note: string | null } | null;
  timeoutMs: number;
  expiresAt: string | null;
  traceId: string | null;
  parentId: string | null;
  childIds: string[];
  waitsFor: string[];
  /** The flow it belongs to: the id of the flow's last job. */
  flowId: string | null;
  /** Until then a discarded job can be restored; null for all others. */
  restorableUntil: string | null;
}

export interface JobFilter {
  type?: string;
  lane?: LaneName;
  queue?: string;
  state?: JobState;
  key?: string;
  tenant?: string;
  owner?: string;
  /** The schedule that enqueued it. */
  schedule?: string;
  /** Text that the error's message starts with; searches dead jobs. */
  error?: string;
  /** Code of the error; searches dead jobs. */
  code?: string;
  /** Of a group of dead jobs. */
  fingerprint?: string;
  /** Top-level fields of the payload, compared as JSON. */
  payload?: JsonObject;
  since?: string;
  until?: string;
}

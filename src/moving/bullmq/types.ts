/** BullMQ's words, as far as existing producers use them; written down here so that the shim needs no BullMQ. */
import type { Mapping } from '../mapping.ts';

/** Where a job name leads. */
export interface JobEntry {
  /** The job type. */
  type: string;
  /** The job's payload. Default: `data` as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: the data of a BullMQ job is what its producer says it is
  payload?(data: any): unknown;
}

/** By the names that producers give to `add`. A plain string is a job type. */
export type BullmqJobs = Mapping<JobEntry>;

/** The options of `add`. What has no counterpart is refused with a sentence that says what to do. */
export interface JobsOptions {
  jobId?: string;
  delay?: number;
  /** 1 goes first. */
  priority?: number;
  attempts?: number;
  backoff?: number | { type: string; delay?: number; jitter?: number };
  deduplication?: Deduplication;
  /** Gone from BullMQ 6; `upsertJobScheduler` is its successor. */
  repeat?: RepeatOptions;
  removeOnComplete?: boolean | number | { age?: number; count?: number };
  removeOnFail?: boolean | number | { age?: number; count?: number };
  [other: string]: unknown;
}

export interface Deduplication {
  id: string;
  ttl?: number;
  extend?: boolean;
  replace?: boolean;
  keepLastIfActive?: boolean;
}

export interface RepeatOptions {
  pattern?: string;
  every?: number;
  tz?: string;
  [other: string]: unknown;
}

/** BullMQ's states. */
export type BullmqState = 'completed' | 'failed' | 'delayed' | 'active' | 'waiting' | 'waiting-children' | 'unknown';

/** The port through which everything enqueues: the API, the products, the handlers and the library's users. */

import type { Queryable } from './database.ts';
import type { Enqueue, EnqueuedJob, EnqueueItem } from './enqueue.ts';
import type { EnqueuedFlow, Flow, FlowOptions } from './flow.ts';
import type { JobState } from './state.ts';

export interface Enqueuer {
  /** Writes the job and publishes it right after the commit. Throws InvalidPayloadError, BackPressureError, OverloadedError. */
  enqueue: Enqueue;
  /** All or nothing, up to 10,000 at once; one error names the first jobs that do not fit. */
  enqueueMany(items: readonly EnqueueItem[]): Promise<EnqueuedJob[]>;
  /** Enqueues inside somebody else's transaction: the jobs exist when it commits and are found within 100 ms. */
  enqueueIn(tx: Queryable, items: readonly EnqueueItem[]): Promise<EnqueuedJob[]>;
  /**
   * All jobs of a flow or none. Through `tx` they belong to somebody else's transaction, as with `enqueueIn`.
   * Throws InvalidPayloadError with pointers into the flow, TwolaneError `too_many_jobs`, `invalid_flow`.
   */
  enqueueFlow(flow: Flow, options?: FlowOptions & { tx?: Queryable }): Promise<EnqueuedFlow>;
  /** A transaction of ours: what `enqueue` writes belongs to it and is published right after its commit. */
  transaction<T>(work: (tx: Queryable, enqueue: Enqueue) => Promise<T>): Promise<T>;
}

/** What is known of a job that somebody watches. */
export interface JobEvent {
  id: string;
  state: JobState;
  progress: { percent: number; note: string | null } | null;
}

/** Lets any process watch jobs, wherever they run. */
export interface JobEvents {
  /** Calls `listener` with what is known now and after every change, at most four times a second. Returns the way to stop. */
  subscribe(id: string, listener: (event: JobEvent) => void): () => void;
}

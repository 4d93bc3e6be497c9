/** What a handler is and what it is given; and middleware, which runs around every handler. */
import type { BatchHandler, BatchJobDefinition } from './batch.ts';
import type { TransactionalEffect } from './database.ts';
import type { Enqueue, EnqueuedJob, EnqueueItem } from './enqueue.ts';
import type { ChildJob, EnqueuedFlow, Flow, FlowOptions, WaitForChildrenOptions } from './flow.ts';
import type { Catalog, JobDefinition, PayloadOf, ResultOf } from './job.ts';
import type { Json, JsonObject, LaneName } from './words.ts';

/** What a handler is given beside its payload. */
export interface JobContext<R = Json | undefined> {
  readonly id: string;
  readonly type: string;
  readonly lane: LaneName;
  /** From 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly key: string | undefined;
  readonly tenant: string | undefined;
  readonly owner: string | undefined;
  /** Rises with every claim; put it in the name of anything that only the present owner may publish. */
  readonly fence: number;
  readonly traceparent: string | undefined;
  /** The slot of the schedule that enqueued it: the time that it stands for, however late it runs. */
  readonly scheduledFor: Date | undefined;
  /** Aborted at the time limit, on cancel, on drain, and when the job was given to another worker. */
  readonly signal: AbortSignal;
  /** Percent from 0 to 100, shown by the API and the dashboard. Returns at once; the newest value wins. */
  progress(percent: number, note?: string): void;
  /** One line for the operator, kept with the job. Never put personal data or secrets in it. */
  log(message: string, fields?: JsonObject): void;
  /** Enqueues a job whose parent is this one. */
  enqueue: Enqueue;
  enqueueMany(items: readonly EnqueueItem[]): Promise<EnqueuedJob[]>;
  /**
   * Writes the handler's effect and the job's success in one transaction, so that the effect happens exactly once.
   * Throws FencedError, with everything rolled back, when the job belongs to another worker by now.
   */
  settle(effect: TransactionalEffect, result?: R): Promise<void>;
  /**
   * The jobs that this one waited for, in the order in which they were named, with their results.
   * @param options.all also those that they waited for, and so on: every earlier step of a chain. The first steps come first.
   */
  children(options?: { all?: boolean }): Promise<ChildJob[]>;
  /** Enqueues a flow whose first jobs have this one as their parent. */
  enqueueFlow(flow: Flow, options?: FlowOptions): Promise<EnqueuedFlow>;
  /**
   * Ends this run by a throw: `return context.waitForChildren()`. The job is `blocked`, with no slot and no attempt charged,
   * until all that it has enqueued through this context has ended; then the handler is called again, and `children()` answers
   * them. A job that could only start after this one ends it for good (`circular_wait`).
   * @throws TypeError when it has enqueued nothing or has settled.
   */
  waitForChildren(options?: WaitForChildrenOptions): never;
}

/** A running job as middleware sees it. The payload is the stored one, not parsed yet. */
export type MiddlewareJob = Omit<JobContext, 'settle' | 'waitForChildren'> & { readonly payload: Json };

/**
 * Runs around every handler, in the worker's own process also when the handler is isolated. `next` runs what is inside,
 * once, and answers the handler's result; what the middleware returns is the job's result, what it throws its error.
 */
export type Middleware = (job: MiddlewareJob, next: () => Promise<unknown>) => Promise<unknown>;

export type Handler<D extends JobDefinition = JobDefinition> = (
  payload: PayloadOf<D>,
  context: JobContext<ResultOf<D>>,
) => Promise<ResultOf<D>>;

/** A handler whose payload type is no longer known, as the worker holds them; the payload was parsed before. */
export type AnyHandler = (payload: never, context: never) => Promise<unknown>;

export type AnyHandlers = Readonly<Record<string, AnyHandler>>;

/** A handler for every type of a catalog: a missing one does not compile. */
export type HandlersOf<C extends Catalog> = {
  readonly [T in keyof C]: C[T] extends BatchJobDefinition ? BatchHandler<C[T]> : Handler<C[T]>;
};

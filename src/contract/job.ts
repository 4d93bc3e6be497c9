/** What a developer writes to add a job type: the definition (shape, lane, limits) and the handler's signature. */
import type { z } from 'zod';
import type { Backoff, BackoffOptions } from './backoff.ts';
import type { BatchHandler, BatchJobDefinition, BatchOptions } from './batch.ts';
import type { TransactionalEffect } from './database.ts';
import type { ChildJob, EnqueuedFlow, Flow, FlowOptions } from './flow.ts';
import type { Limits } from './limits.ts';
import type { Debounce, KeepLast, Throttle } from './repeats.ts';
import type { JobState } from './state.ts';
import type { Upcasters } from './upcast.ts';
import type { Json, JsonObject, LaneName, Priority } from './words.ts';

/** An error that no further attempt can mend, named by its class or by its `code`. */
export type NonRetryable = string | (abstract new (...args: never[]) => Error);

/** The fields of `defineJob`. Everything but `type`, `lane`, `queue` and `payload` has a default. */
export interface JobOptions<P extends z.ZodType, R extends z.ZodType> {
  /** Unique, kebab-case verb and object: `process-image`. It is stored, so renaming it is a migration. */
  type: string;
  lane: LaneName;
  /** A queue of the lane; the first use of a name makes it. */
  queue: string;
  /** Checked at enqueue and again before the run. */
  payload: P;
  /** What the handler returns; `z.void()` by default. */
  result?: R;
  /**
   * Version of the payload's shape, from 1. A worker that knows a lower one leaves the job to others. Above 1 every older
   * version needs its step in `upcast`.
   */
  version?: number;
  /** One sentence for `GET /v1/job-types` and the dashboard. */
  description?: string;
  /** Default `normal`. */
  priority?: Priority;
  /** Attempts before the job is dead. Default 5; with a list of delays, one more than it has. */
  maxAttempts?: number;
  /** Time limit of one attempt: then its signal is aborted. Default 30 s real-time, 15 min bulk. */
  timeoutMs?: number;
  /** Default: exponential from 1 s to 5 min, half of each delay drawn by chance. */
  backoff?: BackoffOptions;
  /** Errors that end the job at once, as NonRetryableError does. Default none. */
  nonRetryable?: readonly NonRetryable[];
  /** How long an idempotency key leads to its job, milliseconds. Default 24 h. */
  idempotencyMs?: number;
  /**
   * How late a job may start after it could have, milliseconds; 95 of 100 should be earlier. Default 10 s real-time, 5 min
   * bulk. While urgent or high types miss it, lower ones of the lane give way.
   */
  budgetMs?: number;
  /** How long a handler has to stop after its signal was aborted, milliseconds; then it is stopped. Default 5,000. */
  killAfterMs?: number;
  /**
   * Runs the handler in a child process that is killed, with everything it started, when it does not stop or needs more
   * than `memoryMb` (default 512, from 128). The app module must be known: `createTwolane({ app })`.
   */
  isolated?: true | { memoryMb?: number };
  /** Jobs of this type at once in each worker process. Default: the number of cores when isolated, else no limit. */
  concurrency?: number;
  /** True: only our own code may enqueue it, `POST /v1/jobs` answers 403. */
  internal?: boolean;
  /** What the job concerns; jobs of one key run one after another in the order of their ids. */
  key?(payload: z.output<P>): string | undefined;
  /** The user whose job this is; that user may read its state. */
  owner?(payload: z.output<P>): string | undefined;
  /** Across the fleet, counted in attempts. Default: none. */
  limits?: Limits;
  /** The handler takes several jobs in one call. Default: one. */
  batch?: BatchOptions;
}

/** A job type with all its defaults filled in. */
export interface JobDefinition<
  T extends string = string,
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly type: T;
  readonly lane: LaneName;
  readonly queue: string;
  readonly payload: P;
  readonly result: R;
  readonly version: number;
  readonly upcast?: Upcasters;
  readonly description: string;
  readonly priority: Priority;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly killAfterMs: number;
  readonly isolated: { readonly memoryMb: number } | undefined;
  readonly concurrency: number | undefined;
  readonly backoff: Backoff;
  readonly nonRetryable: readonly NonRetryable[];
  readonly idempotencyMs: number;
  readonly budgetMs: number;
  readonly internal: boolean;
  key?(payload: z.output<P>): string | undefined;
  owner?(payload: z.output<P>): string | undefined;
  readonly limits?: Limits;
  readonly batch?: BatchOptions;
}

export type PayloadInput<D extends JobDefinition> = z.input<D['payload']>;
export type PayloadOf<D extends JobDefinition> = z.output<D['payload']>;
export type ResultOf<D extends JobDefinition> = z.input<D['result']>;

/** What one enqueue may set. Times are ISO 8601 or milliseconds; unset fields come from the definition. */
export interface EnqueueOptions {
  delayMs?: number;
  runAt?: Date | string;
  /** A job that has not started by then is cancelled with the reason `expired`. */
  expiresAt?: Date | string;
  priority?: Priority;
  /** Version of the payload given, when it is an older one: it is brought to the present version first. */
  version?: number;
  key?: string;
  /** Whose share of the queue it uses; tenants take turns. */
  tenant?: string;
  /** A second enqueue with the same key, type and tenant within the window answers the first job. */
  idempotencyKey?: string;
  /** The window of `idempotencyKey`, milliseconds. Default: of the type, 24 h. */
  idempotencyMs?: number;
  /** At most one of `debounce`, `throttle` and `keepLast`. */
  debounce?: Debounce;
  throttle?: Throttle;
  keepLast?: KeepLast;
  maxAttempts?: number;
  timeoutMs?: number;
  /** Echoed in answers and webhooks, never interpreted. */
  metadata?: JsonObject;
  /** Jobs that must succeed first; until then this one is `blocked`. */
  waitFor?: readonly string[];
  /** What becomes of this job when one that it waits for fails. Default `block`. */
  onChildFailure?: OnChildFailure;
  /** Cancelling this job also cancels the jobs that only it waits for and that do not run. Default: true in a flow. */
  cancelChildren?: boolean;
  /** The job that enqueued this one. Set by `ctx.enqueue`. */
  parentId?: string;
  traceparent?: string;
}

/**
 * `block`: a dead child keeps its parent blocked until somebody retries or discards it, a cancelled one cancels it.
 * `cancel`: a dead child cancels it as well. `continue`: it runs once all children have ended, however that was.
 */
export const onChildFailures = ['block', 'cancel', 'continue'] as const;
export type OnChildFailure = (typeof onChildFailures)[number];

/** What an enqueue answers. */
export interface EnqueuedJob {
  id: string;
  type: string;
  lane: LaneName;
  state: JobState;
  /** No job was made: the id is that of an earlier enqueue. */
  deduplicated: boolean;
  /** What an earlier enqueue asked for was given up for this one: by `debounce` in the same job, by `keepLast` with its own. */
  replaced: boolean;
  /** The idempotency key came with another payload before; that one counts, this one was dropped. */
  payloadDiffers: boolean;
}

/** Enqueues one job; the payload is checked by the compiler and by the schema. */
export type Enqueue = <D extends JobDefinition>(
  job: D,
  payload: PayloadInput<D>,
  options?: EnqueueOptions,
) => Promise<EnqueuedJob>;

/** One job of a batch. */
export interface EnqueueItem<D extends JobDefinition = JobDefinition> {
  job: D;
  payload: PayloadInput<D>;
  options?: EnqueueOptions;
}

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
}

/** A running job as middleware sees it. The payload is the stored one, not parsed yet. */
export type MiddlewareJob = Omit<JobContext, 'settle'> & { readonly payload: Json };

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

/** The list of all definitions by type. */
export type Catalog = Readonly<Record<string, JobDefinition>>;
/** A handler for every type of a catalog: a missing one does not compile. */
export type HandlersOf<C extends Catalog> = {
  readonly [T in keyof C]: C[T] extends BatchJobDefinition ? BatchHandler<C[T]> : Handler<C[T]>;
};

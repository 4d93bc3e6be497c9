/** What a developer writes to add a job type: its definition, with shape, lane, queue and limits. */
import type { z } from 'zod';
import type { Backoff, BackoffOptions } from './backoff.ts';
import type { BatchOptions } from './batch.ts';
import type { Limits } from './limits.ts';
import type { RetentionOptions } from './retention.ts';
import type { Upcasters } from './upcast.ts';
import type { LaneName, Priority } from './words.ts';

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
  /**
   * Fields of the payload that are encrypted wherever it is kept and masked wherever it is shown: `token`, `card.number`; a list
   * on the way stands for each of its entries. Needs TWOLANE_SECRET_KEYS. Default none.
   */
  secrets?: readonly string[];
  /** Its finished jobs are forgotten sooner than the history. Default: with the days that hold them. */
  retention?: RetentionOptions;
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
  readonly retention?: RetentionOptions;
  /** Undefined when it has none. */
  readonly secrets?: readonly string[];
}

export type PayloadInput<D extends JobDefinition> = z.input<D['payload']>;

export type PayloadOf<D extends JobDefinition> = z.output<D['payload']>;

export type ResultOf<D extends JobDefinition> = z.input<D['result']>;

/** The list of all definitions by type. */
export type Catalog = Readonly<Record<string, JobDefinition>>;

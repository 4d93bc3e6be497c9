/** What one enqueue may set, and what it answers. */
import type { JobDefinition, PayloadInput } from './job.ts';
import type { Debounce, KeepLast, Throttle } from './repeats.ts';
import type { JobState } from './state.ts';
import type { JsonObject, LaneName, Priority } from './words.ts';

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

/** The port of the ledger: the one place that knows every job of both lanes. PostgreSQL is its only implementation. */

import type { AuditedChange, DeadFilter, DeadGroup } from './dead-letters.ts';
import type { JobError, RefusalCode } from './errors.ts';
import type { Alarm, Pause, PauseTarget } from './fleet.ts';
import type { FlowView } from './flow.ts';
import type { EnqueuedJob, OnChildFailure } from './job.ts';
import type { PayloadFile } from './payload-files.ts';
import type { Debounce, Throttle } from './repeats.ts';
import type { JobState } from './state.ts';
import type { Estimate, Repair, TypeStatus } from './watch.ts';
import type { Json, JsonObject, LaneName, Priority, QueuePath } from './words.ts';

/** Anything that runs SQL: a `pg` client or pool, or a wrapper of another library's transaction. */
export interface Queryable {
  // biome-ignore lint/suspicious/noExplicitAny: rows take their shape from the SQL text, which no type can see
  query<R = any>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number | null }>;
}

/** Work inside the transaction that settles a job. */
export type TransactionalEffect = (tx: Queryable) => Promise<void>;

/** Where the rows of an id live. One database today; stores must ask, so that a map can place shards later. */
export type DatabaseFor = (
  id: string,
) => Queryable & { transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> };

/** A job as it enters the ledger, every default filled in. */
export interface NewJob {
  type: string;
  version: number;
  queue: QueuePath;
  priority: Priority;
  /** Undefined when it is in the file store. */
  payload: Json | undefined;
  payloadFile?: PayloadFile;
  maxAttempts: number;
  timeoutMs: number;
  key?: string;
  /** What limits per key count by, '' without a key; undefined when no limit concerns the job. */
  limitKey?: string;
  tenant?: string;
  owner?: string;
  idempotency?: {
    key: string;
    ms: number /** Tells whether a repeated key comes with the same payload. */;
    digest: string;
  };
  debounce?: Debounce;
  throttle?: Throttle;
  keepLast?: boolean;
  metadata?: JsonObject;
  delayMs?: number;
  runAt?: string;
  expiresAt?: string;
  waitFor?: readonly string[];
  /** Places, from 1, of jobs in the same call that it waits for as well; they stand before it. */
  after?: readonly number[];
  onChildFailure?: OnChildFailure;
  cancelChildren?: boolean;
  /** It belongs to the flow that this call is. */
  inFlow?: boolean;
  parentId?: string;
  traceparent?: string;
}

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
  result: Json | null;
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
  /** Of a group of dead jobs. */
  fingerprint?: string;
  /** Top-level fields of the payload, compared as JSON. */
  payload?: JsonObject;
  since?: string;
  until?: string;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 500, default 50. */
  limit?: number;
  cursor?: string;
}

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
}

/** Whether a consumer really consumes, as its canary found. */
export interface ConsumerHealth {
  /** Since it was last given anything, or could not take more. Milliseconds. */
  silentMs: number;
  /** What is wrong with it; null while all is well. */
  late: string | null;
  /** How often it was made anew since the process started. */
  rebuilds: number;
}

/** What a worker process does for one queue. */
export interface ConsumerStatus extends ConsumerHealth {
  queue: QueuePath;
  /** Jobs that it runs at once. */
  concurrency: number;
}

/** A live process of the fleet. */
export interface WorkerStatus {
  id: string;
  host: string;
  pid: number;
  role: string;
  version: string;
  startedAt: string;
  heartbeatAt: string;
  queues: ConsumerStatus[];
  /** The job types that it can run, with the highest version of each. */
  knows: Record<string, number>;
  running: number;
  memoryBytes: number;
  draining: boolean;
}

/** A tenant whose share of the queues is not the usual one. */
export interface TenantWeight {
  tenant: string;
  /** 1 to 100: so many of its jobs are released for one of a tenant of weight 1, while both have jobs waiting. */
  weight: number;
}

/** Whether every job that was ever accepted is accounted for. */
export interface Conservation {
  appended: number;
  settled: number;
  live: number;
  /** appended − settled − live; anything but 0 is a defect. */
  unaccounted: number;
}

/** What retention keeps and what it dropped. Jobs are PostgreSQL's estimate, bytes those of tables and indexes. */
export interface History {
  /** ISO 8601 date, UTC. */
  oldestDay: string;
  jobs: number;
  bytes: number;
  dropped: { reason: 'age' | 'count' | 'bytes'; days: number; jobs: number; bytes: number }[];
}

/** The job that an idempotency key leads to. */
export interface KeyedJob {
  key: string;
  type: string;
  id: string;
  state: JobState;
}

/** What operators and the API ask of the ledger. */
export interface Operations {
  get(id: string): Promise<JobDetail | undefined>;
  /** The payload, from the file store where it is there. Undefined without such a job. */
  payload(id: string): Promise<Json | undefined>;
  /** The flow that a job belongs to; undefined when it belongs to none. */
  flow(id: string): Promise<FlowView | undefined>;
  list(filter: JobFilter, page: PageRequest): Promise<Page<JobSummary>>;
  logs(id: string, page: PageRequest): Promise<Page<JobLogLine>>;
  /** The jobs that these idempotency keys lead to, of any type and without a tenant. */
  jobsOfKeys(keys: readonly string[]): Promise<KeyedJob[]>;
  /** Lets the next enqueue of the key make a new job, if the key still leads to this one. */
  freeKey(key: Omit<KeyedJob, 'state'>): Promise<void>;
  /** Cancels a job that is not final; a running one is aborted. Returns the state that follows. */
  cancel(id: string, reason?: string): Promise<JobState>;
  /**
   * Puts a dead job back (with another payload where given), or runs a scheduled one now. Throws ConflictError otherwise.
   * `version` is that of the payload given; default: the one that the job had.
   */
  retry(id: string, options?: { payload?: Json; version?: number; auditId?: string }): Promise<JobState>;
  /** Gives a dead job up: `cancelled` with the reason `discarded`. */
  discard(id: string): Promise<JobState>;
  /** Makes a job dead again that was discarded a moment ago. Throws ConflictError when it was not, or too long ago. */
  restore(id: string): Promise<JobState>;
  /** What operators and clients did to a job, the newest first. */
  changes(id: string): Promise<AuditedChange[]>;
  queues(): Promise<QueueStatus[]>;
  /** Starts no more jobs of the queue, type or key; what runs goes on. Pausing twice is the same as once. */
  pause(target: PauseTarget): Promise<void>;
  resume(target: PauseTarget): Promise<void>;
  /** Everything that is paused, the newest first. */
  pauses(): Promise<Pause[]>;
  /** How old the oldest waiting job of a queue may be before new ones are refused; null: as the configuration says. */
  setMaxAge(queue: QueuePath, maxAgeMs: number | null): Promise<void>;
  /** What a person should look at: jobs that no live worker can run, queues that take no more. */
  alarms(): Promise<Alarm[]>;
  workers(): Promise<WorkerStatus[]>;
  /** Tenants with another weight than 1, by name. */
  tenants(): Promise<TenantWeight[]>;
  /** Counts for jobs that are enqueued from then on; 1 is the usual share. Throws TwolaneError `invalid_weight`. */
  setWeight(tenant: TenantWeight): Promise<void>;
  /** How every job type of the catalog fares: its latency budget, its waits and runs. */
  types(): Promise<TypeStatus[]>;
  /** Where a job stands and when it should be done. */
  estimate(job: JobDetail): Promise<Estimate>;
  /** What was found wrong and put right, the newest first. */
  repairs(page: PageRequest): Promise<Page<Repair>>;
  /** How often each kind of repair was needed, in jobs (`counters`: in repairs), within retention. */
  repairCounts(): Promise<{ kind: string; jobs: number }[]>;
  conservation(): Promise<Conservation>;
  history(): Promise<History>;
  /** Dead jobs by fingerprint of their error, the newest group first. */
  deadGroups(filter: DeadFilter, page: PageRequest): Promise<Page<DeadGroup>>;
}

/** What inserting answers for each job, in the order given. */
export type InsertedJob = Pick<EnqueuedJob, 'id' | 'state' | 'deduplicated' | 'replaced' | 'payloadDiffers'>;

/** The attempt has ended without its handler, whose code goes on: it did not stop when it was told to. */
interface Unstopped {
  stillRuns?: true;
}

/** How an attempt ended, as the worker tells the ledger. */
export type Outcome =
  | { kind: 'succeeded'; result: Json | null }
  /** `warning`: the delay is not the one that was asked for, and why. */
  | ({ kind: 'retry'; error: JobError; delayMs: number; timedOut: boolean; warning?: string } & Unstopped)
  | ({ kind: 'dead'; error: JobError; timedOut: boolean } & Unstopped)
  | ({ kind: 'cancelled'; reason: string } & Unstopped)
  /** Back to waiting without an attempt charged: drain, or the worker can't run it after all. */
  | { kind: 'released' };

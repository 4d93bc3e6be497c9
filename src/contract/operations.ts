/** The port of the ledger, the one place that knows every job of both lanes. PostgreSQL is its only implementation. */
import type { AuditedChange, DeadFilter, DeadGroup } from './dead-letters.ts';
import type { Alarm, Pause, PauseTarget, TenantWeight, WorkerJob, WorkerStatus } from './fleet.ts';
import type { FlowView } from './flow.ts';
import type { JobDetail, JobFilter, JobLogLine, JobSummary } from './job-view.ts';
import type { Measurement, MeasurementQuery } from './measurement.ts';
import type { Page, PageRequest } from './page.ts';
import type { QueueStatus } from './queue-status.ts';
import type { JobState } from './state.ts';
import type { DispatchLag, Estimate, Repair, TypeStatus, TypeTotals } from './watch.ts';
import type { Json, QueuePath } from './words.ts';

/** Whether every job that was ever accepted is accounted for. */
export interface Conservation {
  appended: number;
  settled: number;
  live: number;
  /** appended − settled − live; anything but 0 is a defect. */
  unaccounted: number;
}

/** The sums as the patrol last counted them. */
export interface Books extends Conservation {
  /** ISO 8601. */
  countedAt: string;
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

/** What PostgreSQL says about itself. */
export interface DatabaseFacts {
  version: string;
  connections: number;
  maxConnections: number;
  oldestTransactionS: number;
  bytes: number;
  /** Of the write-ahead log; null where the user may not ask (`pg_monitor` may). */
  walBytes: number | null;
  /** Rows of the ledger's tables that are dead and not yet vacuumed, percent of all. */
  bloatPercent: number;
}

/** What operators and the API ask of the ledger. */
export interface Operations {
  get(id: string): Promise<JobDetail | undefined>;
  /** The payload with its secrets masked, from the file store where it is there. Undefined without such a job. */
  payload(id: string): Promise<Json | undefined>;
  /** The payload in clear: for whoever may see it, and with a line in the audit. Undefined without such a job. */
  reveal(id: string): Promise<Json | undefined>;
  /** An edited payload in which masks stand for the secrets that the job has; in clear, to be checked and given to `retry`. */
  complete(job: Pick<JobDetail, 'id' | 'type'>, edited: Json): Promise<Json>;
  /** What its handler returned, from the file store where it is there; null while there is nothing. Undefined without such a job. */
  result(id: string): Promise<Json | undefined>;
  /** The flow that a job belongs to; undefined when it belongs to none. */
  flow(id: string): Promise<FlowView | undefined>;
  /** The newest first. A page may hold fewer jobs than asked for, even none, while its `nextCursor` leads on. */
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
  /**
   * Gives a dead job up: `cancelled` with the reason `discarded`. Jobs that wait for it hear of it when it can't be restored
   * any more; `forGood` says that this is now, also of one that was discarded a moment ago. Throws ConflictError otherwise.
   */
  discard(id: string, options?: { forGood?: boolean }): Promise<JobState>;
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
  /** What each process runs now, by its id: up to 20 jobs of each, the ones that run longest first. */
  workerJobs(): Promise<Record<string, WorkerJob[]>>;
  /**
   * Asks a process to take no more work and to end. It obeys within a second or two; asking again changes nothing.
   * @throws TwolaneError `not_found`
   */
  drain(workerId: string): Promise<void>;
  /** Tenants with another weight than 1, by name. */
  tenants(): Promise<TenantWeight[]>;
  /** Counts for jobs that are enqueued from then on; 1 is the usual share. Throws TwolaneError `invalid_weight`. */
  setWeight(tenant: TenantWeight): Promise<void>;
  /** How every job type of the catalog fares: its latency budget, its waits and runs. */
  types(): Promise<TypeStatus[]>;
  /** Counts per job type and queue that only rise, for metrics. */
  totals(): Promise<TypeTotals[]>;
  /** How far behind each dispatcher is. */
  dispatchLags(): Promise<DispatchLag[]>;
  /** Where a job stands and when it should be done. */
  estimate(job: JobDetail): Promise<Estimate>;
  /** What was found wrong and put right, the newest first. */
  repairs(page: PageRequest): Promise<Page<Repair>>;
  /** How often each kind of repair was needed, in jobs (`counters`: in repairs), within retention. */
  repairCounts(): Promise<{ kind: string; jobs: number }[]>;
  /** How queues fared over time, up to 31 days back; the oldest step first, none for steps without any measurement. */
  measurements(query: MeasurementQuery): Promise<Measurement[]>;
  /** Counted now: looks at every live job, so it is for a question of a person, not for what is asked again and again. */
  conservation(): Promise<Conservation>;
  /** The same as a scheduler last counted it: every 10 s, less often with millions of live jobs. Null before the first time. */
  books(): Promise<Books | null>;
  history(): Promise<History>;
  databaseFacts(): Promise<DatabaseFacts>;
  /** Dead jobs by fingerprint of their error, the newest group first. */
  deadGroups(filter: DeadFilter, page: PageRequest): Promise<Page<DeadGroup>>;
}

/** A drop-in for BullMQ's `Queue` on the producers' side: what they add becomes jobs of Twolane. */
import { EventEmitter } from 'node:events';
import {
  type EnqueuedJob,
  type EnqueueItem,
  type JobDefinition,
  type Priority,
  type ScheduleDefinition,
  TwolaneError,
} from '../../contract/index.ts';
import { type Mapped, resolveMapping } from '../mapping.ts';
import { unlessEnded } from '../once-at-a-time.ts';
import type { Platform } from '../platform.ts';
import { Job } from './job.ts';
import { keyOf, mapOptions, notMapped, type OptionRules, usualPriority } from './options.ts';
import { scheduleNameOf, toSchedule } from './schedule.ts';
import type { BullmqJobs, JobEntry, JobsOptions, RepeatOptions } from './types.ts';

export interface QueueOptions {
  /** What `createTwolane` answers. */
  twolane: Platform;
  /** Where job names lead. Default: a job name is a job type. */
  jobs?: BullmqJobs;
  /** Options of every `add`, unless it says otherwise. */
  defaultJobOptions?: JobsOptions;
  /** Default: 1 to 9 high, 10 to 99 normal, above low; without one, that of the job type. */
  priorityOf?(priority: number): Priority;
  /** Options of `add` that may be dropped: `['backoff']`. */
  ignore?: readonly string[];
  /** BullMQ's own settings may stay where they are; nothing here reads them. */
  [other: string]: unknown;
}

interface Prepared extends EnqueueItem {
  name: string;
  data: unknown;
  jobId: string | undefined;
  onceAtATime: boolean;
}

/** The actor in the audit of schedules. */
const actor = 'bullmq';

export class Queue extends EventEmitter {
  readonly name: string;
  readonly opts: QueueOptions;
  readonly #platform: Platform;
  readonly #jobs: ReadonlyMap<string, Mapped<JobEntry>> | undefined;
  readonly #rules: OptionRules;

  /** @throws TwolaneError `invalid_mapping` */
  constructor(name: string, options: QueueOptions) {
    super();
    this.name = name;
    this.opts = options;
    this.#platform = options.twolane;
    this.#jobs = options.jobs && resolveMapping(options.twolane.catalog, options.jobs, 'BullMQ job');
    const { priorityOf = usualPriority, ignore = [] } = options;
    this.#rules = { queue: name, ignore: new Set(ignore), priorityOf };
  }

  /**
   * Enqueues. Rejects before anything is written: TwolaneError `not_mapped` for options without a counterpart,
   * InvalidPayloadError where the data does not fit its job type.
   */
  async add(name: string, data: unknown, options: JobsOptions = {}): Promise<Job> {
    const all = { ...this.opts.defaultJobOptions, ...options };
    if (all.repeat) return this.#addRepeated(name, data, all.repeat, all);
    const item = this.#prepare(name, data, all);
    const answer = await this.#platform.enqueue(item.job, item.payload as never, item.options);
    return this.#toJob(item, item.onceAtATime ? await unlessEnded(this.#platform, item, answer) : answer);
  }

  /** All or nothing, up to 10,000. */
  async addBulk(jobs: readonly { name: string; data: unknown; opts?: JobsOptions }[]): Promise<Job[]> {
    const items = jobs.map(({ name, data, opts }) =>
      this.#prepare(name, data, { ...this.opts.defaultJobOptions, ...opts }),
    );
    const answers = await this.#platform.enqueueMany(items);
    return Promise.all(
      items.map(async (item, index) => {
        const answer = answers[index] as EnqueuedJob;
        return this.#toJob(item, item.onceAtATime ? await unlessEnded(this.#platform, item, answer) : answer);
      }),
    );
  }

  /** By the `jobId` it was added with, or by the ledger's id. */
  async getJob(id: string): Promise<Job | undefined> {
    const own = /^\d+$/.test(id) ? id : await this.#idOf(id);
    const detail = own === undefined ? undefined : await this.#platform.operations.get(own);
    return detail && Job.from(this.#platform, id, this.name, detail);
  }

  /** Writes a schedule, unless there is the same already. */
  async upsertJobScheduler(
    id: string,
    repeat: RepeatOptions,
    template: { name?: string; data?: unknown; opts?: JobsOptions } = {},
  ): Promise<undefined> {
    const item = this.#prepare(template.name ?? id, template.data ?? {}, {
      ...this.opts.defaultJobOptions,
      ...template.opts,
    });
    const wanted = toSchedule(item.job, item.payload, repeat, item.options ?? {});
    const name = scheduleNameOf(this.name, id);
    if (!isSame(wanted, await this.#platform.schedules.get(name)))
      await this.#platform.schedules.put(name, wanted, { actor });
    return undefined;
  }

  /** False when there is none. */
  async removeJobScheduler(id: string): Promise<boolean> {
    const name = scheduleNameOf(this.name, id);
    if (!(await this.#platform.schedules.get(name))) return false;
    await this.#platform.schedules.remove(name, { actor });
    return true;
  }

  /** Producers wait for the connection with it; there is none of its own here. */
  async waitUntilReady(): Promise<void> {}
  /** Nothing to let go: the connections are Twolane's. */
  async close(): Promise<void> {}
  async disconnect(): Promise<void> {}

  #entry(name: string): Mapped<JobEntry> {
    const { catalog } = this.#platform;
    const known = this.#jobs
      ? this.#jobs.get(name)
      : Object.hasOwn(catalog, name) && { job: catalog[name] as JobDefinition };
    if (known) return known;
    const text = `No job type is declared for ${name} of the queue ${this.name}. Add it to the jobs of this Queue`;
    throw new TwolaneError('not_mapped', text);
  }

  #prepare(name: string, data: unknown, opts: JobsOptions): Prepared {
    const { job, payload } = this.#entry(name);
    if (opts.repeat) throw notMapped('repeat in addBulk', 'Use upsertJobScheduler');
    const { options, onceAtATime } = mapOptions(job, opts, this.#rules);
    const metadata = { bullmq: { queue: this.name, name } };
    const asked = { ...options, metadata };
    return {
      name,
      data,
      jobId: opts.jobId,
      onceAtATime,
      job,
      payload: (payload ? payload(data) : data) as never,
      options: asked,
    };
  }

  async #addRepeated(name: string, data: unknown, repeat: RepeatOptions, all: JobsOptions): Promise<Job> {
    const { repeat: _, jobId, ...opts } = all;
    const id = jobId ?? name;
    await this.upsertJobScheduler(id, repeat, { name, data, opts });
    const fields = { id: `repeat:${id}`, twolaneId: '0', queueName: this.name, name, data, timestamp: Date.now() };
    return new Job(this.#platform, fields);
  }

  #toJob({ name, data, jobId }: Prepared, { id }: EnqueuedJob): Job {
    const fields = { id: jobId ?? id, twolaneId: id, queueName: this.name, name, data, timestamp: Date.now() };
    return new Job(this.#platform, fields);
  }

  async #idOf(jobId: string): Promise<string | undefined> {
    const found = await this.#platform.operations.jobsOfKeys([keyOf(this.name, jobId)]);
    return found.map(({ id }) => id).sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1))[0];
  }
}

function isSame(wanted: ScheduleDefinition, present: ScheduleDefinition | undefined): boolean {
  const names = Object.keys(wanted) as (keyof ScheduleDefinition)[];
  return present !== undefined && names.every((name) => JSON.stringify(wanted[name]) === JSON.stringify(present[name]));
}

const looking = 'Use twolane.operations.list, GET /v1/jobs or the operator pages';
const steering = 'Use twolane.operations.pause and resume, or POST /v1/queues/:lane/:queue/pause';
const clearing = 'Use twolane.massOperations or POST /v1/operations; finished jobs leave by retention';

/** Methods of BullMQ's Queue that are not here, so that a call says what to do instead of "is not a function". */
const elsewhere: Readonly<Record<string, string>> = {
  ...namesTo(looking, 'getJobs', 'getJobCounts', 'getWaiting', 'getActive', 'getDelayed', 'getCompleted', 'getFailed'),
  ...namesTo(looking, 'getJobCountByTypes', 'getWaitingCount', 'getActiveCount', 'getDelayedCount', 'getFailedCount'),
  ...namesTo(looking, 'getCompletedCount', 'getWorkers', 'getMetrics', 'getJobLogs', 'count'),
  ...namesTo(steering, 'pause', 'resume', 'isPaused', 'rateLimit', 'setGlobalConcurrency', 'setGlobalRateLimit'),
  ...namesTo(clearing, 'drain', 'clean', 'obliterate', 'retryJobs', 'promoteJobs', 'remove', 'trimEvents'),
  ...namesTo('Use twolane.schedules', 'getJobScheduler', 'getJobSchedulers', 'getRepeatableJobs', 'removeRepeatable'),
};

for (const [method, cure] of Object.entries(elsewhere)) {
  Object.defineProperty(Queue.prototype, method, {
    value: () => Promise.reject(notMapped(`${method}()`, cure)),
  });
}

function namesTo(cure: string, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, cure]));
}

/**
 * One queue of either lane on bull-board. A broker cannot list what it holds by state, so everything comes from the
 * ledger, and a RabbitMQ queue looks no different from a BullMQ one.
 */
import { BaseAdapter } from '@bull-board/api/dist/queueAdapters/base.js';
import type { JobCounts, JobStatus, QueueJob, QueueMetrics, QueueWorker, Status } from '@bull-board/api/typings/app';
import type { LaneName } from '../../src/contract/words.ts';
import type { BoardActions } from './actions.ts';
import { LedgerJob, refuse } from './ledger-job.ts';
import type { BoardReader } from './reader.ts';
import { type BoardStatus, boardStatuses } from './states.ts';

const brokers: Readonly<Record<LaneName, string>> = { realtime: 'RabbitMQ', bulk: 'BullMQ' };

interface AdapterParts {
  reader: BoardReader;
  actions: BoardActions;
  /** Leads from a card to our own page of the job. */
  jobUrl(id: string): string;
}

export class LedgerAdapter extends BaseAdapter {
  readonly lane: LaneName;
  readonly queue: string;
  readonly #reader: BoardReader;
  readonly #actions: BoardActions;

  constructor(lane: LaneName, queue: string, { reader, actions, jobUrl }: AdapterParts) {
    // As 'bullmq' the board would ask for a BullMQ flow producer; 'bull' only hides menus that we don't offer.
    super('bull', {
      delimiter: '.',
      displayName: `${queue} · ${brokers[lane]}`,
      description: `${lane} lane, ${brokers[lane]}`,
      externalJobUrl: ({ id }) => ({ href: jobUrl(String(id)), displayText: 'Open in Twolane' }),
    });
    this.lane = lane;
    this.queue = queue;
    this.#reader = reader;
    this.#actions = actions;
    // The board asks with every answer, in the name of whoever it is for.
    Object.defineProperty(this, 'readOnlyMode', { get: () => !actions.may('queues:operate') });
    Object.defineProperty(this, 'allowRetries', { get: () => actions.may('jobs:operate') });
  }

  getName = (): string => `${this.lane}.${this.queue}`;
  getStatuses = (): Status[] => ['latest', ...this.getJobStatuses()] as Status[];
  getJobStatuses = (): JobStatus[] => [...boardStatuses];

  async getJobCounts(): Promise<JobCounts> {
    const counts = await this.#reader.counts(this.lane, this.queue);
    return { latest: 0, ...counts } as unknown as JobCounts;
  }

  async getJobs(statuses: JobStatus[], start = 0, end = 9): Promise<QueueJob[]> {
    const [only, ...more] = statuses as BoardStatus[];
    const status = more.length === 0 ? only : undefined;
    const jobs = await this.#reader.jobs(this.lane, this.queue, status, start, end);
    return jobs.map((job) => new LedgerJob(job, this.#actions));
  }

  async getJob(id: string): Promise<QueueJob | undefined> {
    const job = await this.#reader.job(this.lane, this.queue, id);
    return job && new LedgerJob(job, this.#actions);
  }

  getJobLogs = (id: string): Promise<string[]> => this.#reader.logs(id);
  isPaused = async (): Promise<boolean> => (await this.#reader.status(this.lane, this.queue))?.paused ?? false;
  override getWorkers = (): Promise<QueueWorker[]> => this.#reader.workers(this.lane, this.queue);
  getMetrics = (type: 'completed' | 'failed'): Promise<QueueMetrics> =>
    this.#reader.metrics(this.lane, this.queue, type);

  getRedisInfo = async (): Promise<null> => null;
  getGlobalConcurrency = async (): Promise<null> => null;
  getJobSchedulers = async (): Promise<[]> => [];
  getJobSchedulersCount = async (): Promise<number> => 0;

  addJob = async (): Promise<QueueJob> => refuse();
  clean = async (): Promise<void> => refuse();
  empty = async (): Promise<void> => refuse();
  obliterate = async (): Promise<void> => refuse();
  promoteAll = async (): Promise<void> => refuse();
  pause = (): Promise<void> => this.#actions.switch('pause', this.lane, this.queue);
  resume = (): Promise<void> => this.#actions.switch('resume', this.lane, this.queue);
  setGlobalConcurrency = async (): Promise<void> => refuse();
  removeJobScheduler = async (): Promise<boolean> => refuse();
  updateJobScheduler = async (): Promise<'not-found'> => refuse();
  runJobSchedulerNow = async (): Promise<'not-found'> => refuse();
}

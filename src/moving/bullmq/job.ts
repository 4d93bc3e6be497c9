/** A job as producers of BullMQ look at it, read from the ledger. */
import { isFinal, type JobDetail, type JobState, type Json, type JsonObject } from '../../contract/index.ts';
import type { Platform } from '../platform.ts';
import type { BullmqState } from './types.ts';

const states: Readonly<Record<JobState, BullmqState>> = {
  blocked: 'waiting-children',
  scheduled: 'delayed',
  waiting: 'waiting',
  queued: 'waiting',
  running: 'active',
  succeeded: 'completed',
  dead: 'failed',
  cancelled: 'failed',
};

type Reading = Pick<Platform, 'operations' | 'events'>;

/** What a job was made of, for those who have no row of it yet. */
export interface JobFields {
  /** The `jobId` it was added with, or the ledger's id. */
  id: string;
  /** The ledger's id. */
  twolaneId: string;
  queueName: string;
  name: string;
  data: unknown;
  timestamp: number;
}

export class Job {
  readonly id: string;
  readonly twolaneId: string;
  readonly queueName: string;
  readonly name: string;
  readonly data: unknown;
  /** When it was added, milliseconds. */
  readonly timestamp: number;
  /** Percent. */
  progress = 0;
  returnvalue: Json = null;
  failedReason: string | undefined;
  attemptsMade = 0;
  processedOn: number | undefined;
  finishedOn: number | undefined;
  readonly #platform: Reading;

  constructor(platform: Reading, fields: JobFields) {
    this.#platform = platform;
    this.id = fields.id;
    this.twolaneId = fields.twolaneId;
    this.queueName = fields.queueName;
    this.name = fields.name;
    this.data = fields.data;
    this.timestamp = fields.timestamp;
  }

  /** Undefined for jobs that did not come through a queue of that name. */
  static from(platform: Reading, id: string, queueName: string, detail: JobDetail): Job | undefined {
    const { queue, name } = (detail.metadata?.bullmq ?? {}) as JsonObject;
    if (queue !== queueName || typeof name !== 'string') return undefined;
    const timestamp = Date.parse(detail.enqueuedAt);
    const job = new Job(platform, { id, twolaneId: detail.id, queueName, name, data: detail.payload, timestamp });
    job.progress = detail.progress?.percent ?? 0;
    job.returnvalue = detail.result;
    job.failedReason =
      detail.error?.message ?? (detail.state === 'cancelled' ? (detail.reason ?? undefined) : undefined);
    job.attemptsMade = detail.attempt;
    job.processedOn = timeOf(detail.startedAt);
    job.finishedOn = timeOf(detail.finishedAt);
    return job;
  }

  async getState(): Promise<BullmqState> {
    const detail = await this.#platform.operations.get(this.twolaneId);
    return detail ? states[detail.state] : 'unknown';
  }

  isCompleted = async (): Promise<boolean> => (await this.getState()) === 'completed';
  isFailed = async (): Promise<boolean> => (await this.getState()) === 'failed';
  isActive = async (): Promise<boolean> => (await this.getState()) === 'active';
  isDelayed = async (): Promise<boolean> => (await this.getState()) === 'delayed';
  isWaiting = async (): Promise<boolean> => (await this.getState()) === 'waiting';

  /** Cancels it; also one that runs. Throws ConflictError when it has ended. */
  async remove(): Promise<void> {
    await this.#platform.operations.cancel(this.twolaneId, 'removed');
  }

  /** Runs a failed job again. */
  async retry(): Promise<void> {
    await this.#platform.operations.retry(this.twolaneId);
  }

  /** Runs a delayed job now. */
  async promote(): Promise<void> {
    await this.#platform.operations.retry(this.twolaneId);
  }

  /**
   * The result, or an error with the reason of the failure.
   * @param _queueEvents as BullMQ takes it; not needed here
   * @param ttlMs rejects after so many milliseconds. Default: waits as long as it takes
   */
  async waitUntilFinished(_queueEvents?: unknown, ttlMs?: number): Promise<Json> {
    await this.#ended(ttlMs);
    const detail = await this.#platform.operations.get(this.twolaneId);
    if (detail?.state === 'succeeded') return detail.result;
    throw new Error(detail?.error?.message ?? detail?.reason ?? `Job ${this.id} is not known any more`);
  }

  #ended(ttlMs: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = this.#platform.events.subscribe(this.twolaneId, ({ state }) => {
        if (!isFinal(state)) return;
        clearTimeout(timer);
        stop();
        resolve();
      });
      if (ttlMs === undefined) return;
      timer = setTimeout(() => {
        stop();
        reject(new Error(`Job ${this.id} did not end within ${ttlMs} ms`));
      }, ttlMs);
    });
  }
}

function timeOf(iso: string | null): number | undefined {
  return iso === null ? undefined : Date.parse(iso);
}

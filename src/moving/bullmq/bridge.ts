/** Takes the jobs that BullMQ producers still add to a queue in Redis: each enters the ledger once, before BullMQ forgets it. */
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { type EnqueueItem, type Logger, type Priority, TwolaneError } from '../../contract/index.ts';
import { bulkConfig, consuming, limits } from '../../lanes/bulk/config.ts';
import { RedisLink } from '../../lanes/bulk/connection.ts';
import { messageOf } from '../../lanes/bulk/errors.ts';
import { within } from '../../lanes/bulk/wait.ts';
import { handOver, rememberMs } from '../hand-over.ts';
import { type Mapped, resolveMapping } from '../mapping.ts';
import type { Platform } from '../platform.ts';
import { usualPriority } from './options.ts';
import type { BullmqJobs, JobEntry } from './types.ts';

export interface BridgeOptions {
  /** Redis, as the producers use it. */
  url: string;
  /** Of BullMQ, as the producers use it. Default `bull`. */
  prefix?: string;
  queue: string;
  /** One job type for all jobs of the queue, or where each job name leads. */
  jobs: string | BullmqJobs;
  /** Default: as in the shim. */
  priorityOf?(priority: number): Priority;
  /** Jobs in the hands of this process; those that come together enter the ledger in one statement. Default 200. */
  buffer?: number;
}

export interface BridgeCounts {
  /** Jobs that the ledger has taken, repeats included. */
  taken: number;
  refused: number;
}

export class BullmqBridge {
  readonly counts: BridgeCounts = { taken: 0, refused: 0 };
  readonly #platform: Platform;
  readonly #logger: Logger;
  readonly #options: Required<Omit<BridgeOptions, 'jobs'>>;
  readonly #entryOf: (name: string) => Mapped<JobEntry> | undefined;
  readonly #link: RedisLink;
  readonly #stop = new AbortController();
  #worker: Worker | undefined;

  /** @throws TwolaneError `invalid_mapping` */
  constructor(platform: Platform, options: BridgeOptions) {
    this.#platform = platform;
    this.#logger = platform.logger.child({ component: 'bullmq', queue: options.queue });
    const { jobs, url, queue, prefix = 'bull', priorityOf = usualPriority, buffer = 200 } = options;
    this.#options = { url, queue, prefix, priorityOf, buffer };
    const all = typeof jobs === 'string' ? { '*': jobs } : jobs;
    const resolved = resolveMapping<JobEntry>(platform.catalog, all, 'BullMQ job');
    this.#entryOf = (name) => resolved.get(typeof jobs === 'string' ? '*' : name);
    const config = bulkConfig({ url, prefix, logger: this.#logger });
    this.#link = new RedisLink(config, { ...consuming, connectionName: 'twolane-bullmq-bridge' });
  }

  /** Takes jobs in the background until `stop`, across lost connections. */
  start(): void {
    if (this.#worker) return;
    const { queue, prefix, buffer } = this.#options;
    this.#worker = new Worker(queue, (job, token) => this.#take(job, token), {
      connection: this.#link.client(),
      prefix,
      concurrency: buffer,
      // A bridge that was killed leaves its jobs to the next one, however often that happens.
      maxStalledCount: 1_000_000,
      stalledInterval: 5_000,
      drainDelay: 1,
      runRetryDelay: 500,
    });
    this.#worker.on('error', (error) => this.#logger.warn({ reason: messageOf(error) }, 'BullMQ reports an error'));
  }

  /** Hands over what is in its hands, or gives it back, and lets go. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // Without Redis nothing can be given back; it comes again when its locks are over.
    await within(limits.closeMs, this.#worker?.close() ?? Promise.resolve(), 'the jobs to be given back').catch(
      (error) => this.#logger.warn({ reason: messageOf(error) }, 'The bridge did not end in time'),
    );
    await this.#link.close();
  }

  /** What the processor answers is kept by BullMQ as the job's return value. */
  async #take(job: Job, token: string | undefined): Promise<{ twolaneId: string }> {
    try {
      const item = this.#toItem(job);
      const handing = { enqueuer: this.#platform, logger: this.#logger, signal: this.#stop.signal };
      const taken = await handOver(handing, item);
      if (!taken) return await release(job, token);
      this.counts.taken++;
      return { twolaneId: taken.id };
    } catch (error) {
      if (error instanceof WaitingError) throw error;
      throw this.#refusal(job, error);
    }
  }

  #toItem(job: Job): EnqueueItem {
    const { queue, prefix, priorityOf } = this.#options;
    const entry = this.#entryOf(job.name);
    if (!entry) throw new TwolaneError('not_mapped', `No job type is declared for ${job.name}: add it to the mapping`);
    if (job.parent || job.opts.parent)
      throw new TwolaneError('not_mapped', 'It belongs to a flow, which a worker of BullMQ must finish');
    return {
      job: entry.job,
      payload: (entry.payload ? entry.payload(job.data) : job.data) as never,
      options: {
        priority: job.opts.priority ? priorityOf(job.opts.priority) : undefined,
        maxAttempts: job.opts.attempts || undefined,
        // An id may be used again once its job is gone: the time tells the two apart.
        idempotencyKey: `bullmq:${prefix}:${queue}:${job.id}:${job.timestamp}`,
        idempotencyMs: rememberMs,
        metadata: { bullmq: { queue, name: job.name, id: job.id ?? null } },
      },
    };
  }

  /** Among BullMQ's failed jobs with the reason, whatever the job says about its removal; a retry there tries again. */
  #refusal(job: Job, error: unknown): UnrecoverableError {
    const code = error instanceof TwolaneError ? error.code : 'not_accepted';
    this.counts.refused++;
    this.#logger.warn(
      { code, reason: messageOf(error), job: job.id },
      'A job of BullMQ was refused and is among its failed ones',
    );
    job.opts.removeOnFail = false;
    return new UnrecoverableError(`Twolane does not take it: ${messageOf(error)}`);
  }
}

/** Back to the queue: BullMQ wants to be told by an error. A lock that is gone means that somebody else has the job. */
async function release(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token).catch(() => undefined);
  throw new WaitingError();
}

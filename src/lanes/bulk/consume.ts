/** Consuming: one BullMQ worker per consumer, whose processors wait for acks. */
import { Worker } from 'bullmq';
import type { Consumption, Delivery } from '../../contract/lane.ts';
import { readPack, unpack } from '../../contract/pack.ts';
import { type BulkConfig, limits } from './config.ts';
import type { RedisLink } from './connection.ts';
import { BullMessage } from './delivery.ts';
import { faultOf, messageOf } from './errors.ts';
import type { BulkJob, JobData } from './queues.ts';
import { within } from './wait.ts';

type BulkWorker = Worker<JobData, undefined, string>;

interface Place {
  link: RedisLink;
  config: BulkConfig;
  queue: string;
}

export class Consumer implements Consumption {
  readonly queue: string;
  readonly #place: Place;
  readonly #buffer: number;
  readonly #onDelivery: (delivery: Delivery) => void;
  #worker: BulkWorker;
  /** Messages of the present worker that are not settled. */
  #held = new Set<BullMessage>();
  #stopping: Promise<void> | undefined;

  constructor(place: Place, buffer: number, onDelivery: (delivery: Delivery) => void) {
    this.queue = place.queue;
    this.#place = place;
    this.#buffer = buffer;
    this.#onDelivery = onDelivery;
    this.#worker = this.#build();
  }

  /** BullMQ's `close` takes no new job from now on and ends when the last one is settled, which `close` here awaits. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#worker.close();
  }

  /** What was never settled goes to others at once instead of after its lock. */
  async close(): Promise<void> {
    await this.stop();
    for (const message of this.#held) message.release();
    try {
      await within(limits.closeMs, this.#stopping ?? Promise.resolve(), 'the worker to end');
    } catch (error) {
      this.#place.config.logger.warn({ queue: this.queue, reason: messageOf(error) }, 'The worker did not end in time');
    }
  }

  /** Without an answer a new worker would help nobody: the silent socket is given up by itself, see `consuming`. */
  async rebuild(): Promise<void> {
    if (this.#stopping || !(await this.#place.link.answers()) || this.#stopping) return;
    // What it holds comes again when its locks are over; this process claims its own copies before.
    this.#worker.close(true).catch((error: unknown) => {
      this.#place.config.logger.debug({ reason: messageOf(error) }, 'The old worker did not close');
    });
    this.#held = new Set();
    this.#worker = this.#build();
  }

  #build(): BulkWorker {
    const worker: BulkWorker = new Worker(this.queue, (job, token) => this.#process(job, token), {
      connection: this.#place.link.client(),
      prefix: this.#place.config.prefix,
      concurrency: this.#buffer,
      lockDuration: limits.lockMs,
      stalledInterval: limits.stalledEveryMs,
      // Attempts are counted in the ledger; here a job may come back as often as it likes.
      maxStalledCount: 1_000_000,
      drainDelay: limits.drainDelayS,
      runRetryDelay: limits.retryMs,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', (error) => {
      const fields = { queue: this.queue, fault: faultOf(error), reason: messageOf(error) };
      this.#place.config.logger.debug(fields, 'BullMQ reports an error');
    });
    return worker;
  }

  async #process(job: BulkJob, token: string | undefined): Promise<undefined> {
    const pack = readPack(job.data);
    if (!pack) {
      this.#place.config.logger.error({ queue: this.queue }, 'Dropped a job of a stranger');
      return undefined;
    }
    const message = new BullMessage(job, token);
    const held = this.#held.add(message);
    if (this.#stopping) message.release();
    else for (const delivery of unpack(pack, message)) this.#onDelivery(delivery);
    return message.settled.finally(() => held.delete(message));
  }
}

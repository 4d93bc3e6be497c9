/** BullMQ's queue objects by name, all on the producing connection, and how a pack of envelopes is written into a job. */
import { type Job, Queue } from 'bullmq';
import type { Envelope } from '../../contract/envelope.ts';
import { packFields } from '../../contract/pack.ts';
import type { BulkConfig } from './config.ts';
import type { RedisLink } from './connection.ts';
import { messageOf } from './errors.ts';

/** The envelopes that a job of BullMQ carries, each as id, type, version, fence and crashes. */
export type JobData = unknown[][];
export type BulkJob = Job<JobData, undefined, string>;
export type BulkQueue = Queue<JobData, undefined, string>;

export class Queues {
  readonly #link: RedisLink;
  readonly #config: BulkConfig;
  readonly #queues = new Map<string, BulkQueue>();

  constructor(link: RedisLink, config: BulkConfig) {
    this.#link = link;
    this.#config = config;
  }

  /** Only while the link is up: BullMQ never recovers a queue whose first connection failed. */
  get(name: string): BulkQueue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue: BulkQueue = new Queue(name, {
      connection: this.#link.client(),
      prefix: this.#config.prefix,
      // Nobody reads BullMQ's events here; they can't be switched off, only kept short.
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', (error) => this.#config.logger.debug({ queue: name, reason: messageOf(error) }, 'BullMQ'));
    queue.waitUntilReady().catch(() => this.#queues.delete(name));
    this.#queues.set(name, queue);
    return queue;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

/**
 * The job's id is made of the pack's first job and its release: publishing the same release again changes nothing while
 * it still waits in Redis. BullMQ refuses ids of digits alone, hence the letter.
 */
export function encode(pack: readonly Envelope[]): { name: string; data: JobData; opts: { jobId: string } } {
  const { id, type, fence } = pack[0] as Envelope;
  const jobId = `j_${id}_${fence}${pack.length > 1 ? `_${pack.length}` : ''}`;
  return { name: type, data: packFields(pack), opts: { jobId } };
}

/** Questions to Redis: how full is a queue, who consumes it, how is the server. */
import { type BulkConfig, limits } from './config.ts';
import type { RedisLink } from './connection.ts';
import { messageOf } from './errors.ts';
import type { Queues } from './queues.ts';
import { within } from './wait.ts';

/** What `INFO` tells that matters here. */
export interface ServerFacts {
  version: string;
  maxmemoryPolicy: string;
  lastWriteOk: boolean;
  appendOnly: boolean;
  /** Bytes of the append-only file; null without one. */
  appendOnlyBytes: number | null;
  /** Bytes; 0: no limit. */
  usedMemory: number;
  maxMemory: number;
}

export class Inspector {
  readonly #link: RedisLink;
  readonly #queues: Queues;
  readonly #config: BulkConfig;
  #clientNames: { at: number; names: Promise<string[]> } | undefined;

  constructor(link: RedisLink, queues: Queues, config: BulkConfig) {
    this.#link = link;
    this.#queues = queues;
    this.#config = config;
  }

  /** Jobs that wait and jobs that a worker holds. */
  count(queue: string): Promise<{ ready: number; unacked: number } | undefined> {
    return this.#ask('the counts', async () => {
      const counts = await this.#queues.get(queue).getJobCounts('wait', 'prioritized', 'active');
      return { ready: (counts.wait ?? 0) + (counts.prioritized ?? 0), unacked: counts.active ?? 0 };
    });
  }

  /** Workers of the queue in all processes, as of at most five seconds ago. */
  consumers(queue: string): Promise<number | undefined> {
    return this.#ask('the clients', async () => {
      const own = this.#queues.get(queue).getBackend().clientName();
      return (await this.#names()).filter((name) => name === own).length;
    });
  }

  facts(): Promise<ServerFacts | undefined> {
    return this.#ask('the server’s state', async () => {
      const info = await this.#link.client().info();
      const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
      return {
        version: field('valkey_version') || field('redis_version'),
        maxmemoryPolicy: field('maxmemory_policy'),
        appendOnly: field('aof_enabled') === '1',
        appendOnlyBytes: field('aof_enabled') === '1' ? Number(field('aof_current_size')) : null,
        usedMemory: Number(field('used_memory')),
        maxMemory: Number(field('maxmemory')),
        lastWriteOk: field('aof_last_write_status') !== 'err' && field('rdb_last_bgsave_status') !== 'err',
      };
    });
  }

  #names(): Promise<string[]> {
    const now = performance.now();
    if (!this.#clientNames || now - this.#clientNames.at > limits.consumersMs) {
      const listed = this.#link.client().client('LIST') as Promise<string>;
      const names = listed.then((list) => Array.from(list.matchAll(/ name=(\S*)/g), ([, name]) => name ?? ''));
      this.#clientNames = { at: now, names };
    }
    return this.#clientNames.names;
  }

  async #ask<T>(what: string, question: () => Promise<T>): Promise<T | undefined> {
    if (!this.#link.up) return undefined;
    try {
      return await within(limits.answerMs, question(), what);
    } catch (error) {
      this.#config.logger.debug({ what, reason: messageOf(error) }, 'Redis could not be asked');
      return undefined;
    }
  }
}

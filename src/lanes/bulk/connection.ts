/** One named client of Redis: connects on first use, keeps connecting, and remembers why it failed. */
import { once } from 'node:events';
import { Redis, type RedisOptions } from 'ioredis';
import { type BulkConfig, limits } from './config.ts';
import { addressOf, faultOf, messageOf } from './errors.ts';
import { within } from './wait.ts';

export class RedisLink {
  /** Why the last attempt failed; undefined while connected. */
  lastError: unknown;
  readonly #config: BulkConfig;
  readonly #options: RedisOptions;
  #client: Redis | undefined;

  constructor(config: BulkConfig, options: RedisOptions) {
    this.#config = config;
    this.#options = options;
  }

  get up(): boolean {
    return this.#client?.status === 'ready';
  }

  /** The client; the first call makes it, and from then on it connects by itself. */
  client(): Redis {
    this.#client ??= this.#make();
    return this.#client;
  }

  /** Resolves when commands can be sent; rejects when `signal` is aborted before. */
  async connected(signal: AbortSignal): Promise<Redis> {
    const client = this.client();
    // `once` also ends at every failed attempt; only the signal ends the waiting.
    while (!this.up) await once(client, 'ready', { signal }).catch(() => signal.throwIfAborted());
    return client;
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (!client || client.status === 'end') return;
    if (this.up) {
      await within(limits.closeMs, client.quit(), 'a goodbye').catch((error: unknown) =>
        this.#config.logger.debug({ reason: messageOf(error) }, 'Redis was left without a goodbye'),
      );
    }
    client.disconnect();
  }

  #make(): Redis {
    const client = new Redis(this.#config.url, this.#options);
    const fields = { broker: addressOf(this.#config.url), link: this.#options.connectionName };
    client.on('ready', () => {
      this.lastError = undefined;
      this.#config.logger.info(fields, 'Connected to Redis');
    });
    client.on('error', (error: Error) => {
      // The same reason comes again with every attempt; one record of it is enough.
      if (messageOf(error) !== messageOf(this.lastError)) {
        const record = { ...fields, fault: faultOf(error), reason: messageOf(error) };
        this.#config.logger.warn(record, 'Redis can not be reached');
      }
      this.lastError = error;
    });
    return client;
  }
}

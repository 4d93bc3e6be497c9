/** One named client of Redis: connects on first use, keeps connecting, and remembers why it failed. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { type BulkConfig, type ClientOptions, limits } from './config.ts';
import { addressOf, faultOf, messageOf } from './errors.ts';
import { within } from './wait.ts';

/** A client that knows its copies: BullMQ makes one for each worker, and would leave it behind when Redis is down. */
class Client extends Redis {
  readonly copies = new Set<Redis>();

  override duplicate(options?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(options);
    // BullMQ listens, but not until the very end; without a listener ioredis writes to the console.
    copy.on('error', () => undefined);
    copy.once('end', () => this.copies.delete(copy));
    endHandshakes(copy);
    this.copies.add(copy);
    return copy;
  }
}

/**
 * Gives up connections whose handshake gets no answer. ioredis has no limit for it: its `socketTimeout` may still count for
 * the connection before, which then keeps it from counting for this one.
 */
function endHandshakes(client: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  client.on('connect', () => {
    const { stream } = client as unknown as { stream: Socket };
    timer = setTimeout(() => stream.destroy(new Error('Redis does not answer the handshake')), limits.handshakeMs);
  });
  for (const event of ['ready', 'close']) client.on(event, () => clearTimeout(timer));
}

export class RedisLink {
  /** Why the last attempt failed; undefined while connected. */
  lastError: unknown;
  readonly #config: BulkConfig;
  readonly #options: ClientOptions;
  #client: Client | undefined;

  constructor(config: BulkConfig, options: ClientOptions) {
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

  /** Whether Redis answers here and now. */
  async answers(): Promise<boolean> {
    if (!this.up) return false;
    try {
      return (await within(limits.answerMs, this.client().ping(), 'an answer')) === 'PONG';
    } catch (error) {
      this.#config.logger.debug({ reason: messageOf(error) }, 'Redis gives no answer');
      return false;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    if (this.up) {
      await within(limits.closeMs, client.quit(), 'a goodbye').catch((error: unknown) =>
        this.#config.logger.debug({ reason: messageOf(error) }, 'Redis was left without a goodbye'),
      );
    }
    for (const one of [client, ...client.copies]) one.disconnect();
  }

  #make(): Client {
    const client = new Client(this.#config.url, this.#options);
    endHandshakes(client);
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

/**
 * Tells other processes that something is new for a user, by a Redis channel per user. A wake carries nothing: who is
 * woken reads PostgreSQL, so a lost wake costs a moment and never an event.
 */
import type { Redis } from 'ioredis';
import type { Logger } from '../../contract/logger.ts';

export class Wakes {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #channels = new Map<string, { listeners: Set<() => void>; ready: Promise<unknown> }>();
  /** A connection that listens can do nothing else; made when the first stream opens. */
  #listening: Redis | undefined;

  /** @param prefix begins the name of each channel; the user's id ends it. */
  constructor(redis: Redis, prefix: string, logger: Logger) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#logger = logger;
  }

  /** Wakes every process that holds a stream of these users. Never throws: streams look by themselves every few seconds. */
  async wake(userIds: readonly string[]): Promise<void> {
    try {
      await Promise.all(userIds.map((id) => this.#redis.publish(this.#prefix + id, '')));
    } catch (error) {
      this.#logger.warn({ error }, 'Event streams could not be woken; they look by themselves');
    }
  }

  /** Those of the users who hold a stream anywhere; nobody while Redis is away. */
  async online(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      const counts = (await this.#redis.pubsub('NUMSUB', ...userIds.map((id) => this.#prefix + id))) as unknown[];
      return new Set(userIds.filter((_, index) => Number(counts[2 * index + 1]) > 0));
    } catch (error) {
      this.#logger.warn({ error }, 'Nobody knows who is online; members get a notification');
      return new Set();
    }
  }

  /** Calls `listener` at each wake of the user; resolves when nothing can be missed any more. */
  async listen(userId: string, listener: () => void): Promise<void> {
    let channel = this.#channels.get(userId);
    if (!channel) {
      channel = { listeners: new Set(), ready: this.#connection().subscribe(this.#prefix + userId) };
      this.#channels.set(userId, channel);
    }
    channel.listeners.add(listener);
    await channel.ready;
  }

  forget(userId: string, listener: () => void): void {
    const channel = this.#channels.get(userId);
    channel?.listeners.delete(listener);
    if (!channel || channel.listeners.size > 0) return;
    this.#channels.delete(userId);
    this.#listening?.unsubscribe(this.#prefix + userId).catch((error) => {
      this.#logger.warn({ error }, 'A channel of wakes could not be left');
    });
  }

  async close(): Promise<void> {
    this.#listening?.disconnect();
  }

  #connection(): Redis {
    if (this.#listening) return this.#listening;
    // Subscriptions are waited for as long as it takes, and made anew after each loss of the connection.
    const redis = this.#redis.duplicate({ maxRetriesPerRequest: null, commandTimeout: undefined });
    redis.on('error', (error) => this.#logger.warn({ error }, 'Wakes can not reach Redis'));
    redis.on('message', (channel: string) => {
      for (const listener of this.#channels.get(channel.slice(this.#prefix.length))?.listeners ?? []) listener();
    });
    this.#listening = redis;
    return redis;
  }
}

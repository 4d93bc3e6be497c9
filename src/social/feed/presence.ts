/** Who has read a feed in the last minutes: a sorted set of user ids by the time, in the Redis of the feeds. */
import type { Redis } from 'ioredis';
import type { Logger } from '../../contract/logger.ts';

/** Milliseconds without a read after which somebody is away. */
const presentMs = 10 * 60_000;
/** Noted people are kept longer than they are here, so that who asks since when may take his time. */
const keptMs = 2 * presentMs;
/** A user is noted this often at most by one process, milliseconds. */
const noteMs = 60_000;

export class Presence {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #logger: Logger;
  #noted = new Set<string>();
  #notedSince = 0;

  constructor(redis: Redis, prefix: string, logger: Logger) {
    this.#redis = redis;
    this.#key = `${prefix}:present`;
    this.#logger = logger;
  }

  /** Notes that the user is here. Returns at once and never throws: what is missed costs somebody a place in a queue. */
  seen(userId: string): void {
    const now = Date.now();
    if (now - this.#notedSince > noteMs) {
      this.#noted = new Set();
      this.#notedSince = now;
    }
    if (this.#noted.has(userId)) return;
    this.#noted.add(userId);
    this.#redis
      .pipeline()
      .zadd(this.#key, now, userId)
      .zremrangebyscore(this.#key, '-inf', now - keptMs)
      .exec()
      .catch((error) => this.#logger.debug({ error }, 'It could not be noted who is here'));
  }

  /** Who has read since this moment is here now. Milliseconds since 1970. */
  since(): number {
    return Date.now() - presentMs;
  }

  /** Whether anybody is here. */
  async any(since: number): Promise<boolean> {
    return (await this.#redis.zcount(this.#key, since, '+inf')) > 0;
  }

  /** Those of the users who are here. */
  async among(userIds: readonly string[], since: number): Promise<string[]> {
    if (userIds.length === 0) return [];
    const seenAt = await this.#redis.zmscore(this.#key, ...userIds);
    return userIds.filter((_, index) => Number(seenAt[index] ?? 0) >= since);
  }
}

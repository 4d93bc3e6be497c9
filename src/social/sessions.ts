/** Sessions in Redis: one look-up per request for all processes, while PostgreSQL keeps them. */
import type { Redis } from 'ioredis';
import type { CachedSession, SessionCache } from '../contract/auth.ts';
import type { Logger } from '../contract/logger.ts';

/** How long an entry is believed, milliseconds: so long PostgreSQL reminds of a session whose end Redis could not be told. */
const believedMs = 60_000;
/** The mark of an ended session stays longer than anybody needs to put what he read before. */
const markMs = 2 * believedMs;
const ended = 'ended';

export class RedisSessionCache implements SessionCache {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #logger: Logger;

  /** Makes a connection of its own, which gives up at once: a request that is kept waiting is worse than one more query. */
  constructor(redis: Redis, prefix: string, logger: Logger) {
    this.#redis = redis.duplicate({
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 250,
    });
    this.#redis.on('error', (error) => logger.warn({ error }, 'Sessions can not reach Redis'));
    this.#prefix = `${prefix}:session:`;
    this.#logger = logger;
  }

  async get(hash: string): Promise<CachedSession | 'ended' | undefined> {
    const found = await this.#quietly(() => this.#redis.get(this.#prefix + hash));
    if (!found) return undefined;
    return found === ended ? ended : (JSON.parse(found) as CachedSession);
  }

  async put(hash: string, session: CachedSession): Promise<void> {
    const forMs = Math.min(believedMs, session.expiresAt - Date.now());
    if (forMs < 1) return;
    await this.#quietly(() => this.#redis.set(this.#prefix + hash, JSON.stringify(session), 'PX', forMs, 'NX'));
  }

  async end(hashes: readonly string[]): Promise<boolean> {
    const told = await this.#quietly(() =>
      Promise.all(hashes.map((hash) => this.#redis.set(this.#prefix + hash, ended, 'PX', markMs))),
    );
    return told !== undefined;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#logger.debug({ error }, 'Redis did not answer about a session; PostgreSQL is asked');
      return undefined;
    }
  }
}

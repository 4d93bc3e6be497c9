/**
 * Sessions that have ended while the cache may still believe in them: PostgreSQL keeps each until the cache was told. Who
 * serves sessions from the cache looks here once a second, so an end holds although the cache can't be reached.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionCache } from '../../contract/auth.ts';
import type { Queryable } from '../../contract/database.ts';

/** How old what a process knows may be, milliseconds. */
const lookMs = 1_000;

export class EndedSessions {
  readonly #db: Queryable;
  readonly #cache: () => SessionCache | undefined;
  #known: ReadonlySet<string> = new Set();
  #freshUntil = 0;
  #looking: Promise<void> | undefined;

  constructor(db: Queryable, cache: () => SessionCache | undefined) {
    this.#db = db;
    this.#cache = cache;
  }

  /** Whether a session that the cache knows has ended all the same. `hash` is the SHA-256 of its token in hex. */
  async has(hash: string): Promise<boolean> {
    if (performance.now() >= this.#freshUntil) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    return this.#known.has(hash);
  }

  /**
   * Tells the cache that these are over, after the transaction that ended them. Resolves when no process lets them in any
   * more: at once, or when each has looked for itself.
   */
  async spread(hashes: readonly string[]): Promise<void> {
    if (hashes.length > 0 && !(await this.#tell(hashes))) await sleep(lookMs);
  }

  /** While PostgreSQL is away nobody can end a session: what was known holds. */
  async #look(): Promise<void> {
    const began = performance.now();
    const found = await this.#db.query<{ hash: string }>(untold).catch(() => undefined);
    this.#freshUntil = began + lookMs;
    if (!found) return;
    const hashes = found.rows.map(({ hash }) => hash);
    this.#known = new Set(hashes);
    // Whoever ended them could not, or died; if this fails, too, the next look tries again.
    if (hashes.length > 0) void this.#tell(hashes).catch(() => undefined);
  }

  async #tell(hashes: readonly string[]): Promise<boolean> {
    const cache = this.#cache();
    if (cache && !(await cache.end(hashes))) return false;
    await this.#db.query(
      `delete from twolane.tokens where sha256 in (select decode(hash, 'hex') from unnest($1::text[]) hash) and ended_at is not null`,
      [hashes],
    );
    return true;
  }
}

/** Caches believe in what they hold for a minute; so long an end is worth knowing. */
const untold = `
  select encode(sha256, 'hex') as hash from twolane.tokens where ended_at > now() - interval '2 minutes'`;

/** Ends tokens by a condition; answers the sessions among them, which stay until the cache was told. */
export const endTokens = (condition: string) => `
  with ended as (
    update twolane.tokens set ended_at = now(), expires_at = least(expires_at, now())
    where ${condition} and kind = 'session' and ended_at is null returning sha256),
  gone as (delete from twolane.tokens where ${condition} and kind <> 'session' returning sha256)
  select encode(sha256, 'hex') as hash, true as session from ended
  union all select encode(sha256, 'hex'), false from gone`;

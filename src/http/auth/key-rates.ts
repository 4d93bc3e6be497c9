/**
 * How often an API key may call, counted for all processes together without asking anybody per request: each process counts by
 * itself, tells PostgreSQL what it has counted, and hears what all have, twice a second while a key with a limit is used.
 */
import type { Queryable } from '../../contract/database.ts';
import type { Logger } from '../../contract/logger.ts';
import { Problem } from '../problem.ts';

const syncMs = 500;
const minuteS = 60;

/** What is known of a key: calls of this minute and of the one before it, of all processes, and when the minute began here. */
export interface Counts {
  present: number;
  before: number;
  /** Milliseconds of this process's monotonic clock. */
  minuteAt: number;
  /** Counted here and not told yet. */
  untold: number;
}

export interface KeyRates {
  /**
   * Counts a call. Calls of the last 60 s count, those of the minute before by their share in it.
   * @throws Problem 429 `rate_limited` with Retry-After.
   */
  admit(name: string, perMinute: number): void;
}

/**
 * Builds the counters. Other processes' calls are known half a second late, so that a key may exceed its limit by what they
 * let through in that time. While PostgreSQL is away each process counts for itself.
 */
export function createKeyRates(db: Queryable, logger: Logger): KeyRates {
  const keys = new Map<string, Counts>();
  let syncedAt = Number.NEGATIVE_INFINITY;
  let syncing = false;
  const sync = async () => {
    const told = [...keys].filter(([, { untold }]) => untold > 0).map(([name, { untold }]) => ({ name, untold }));
    if (told.length === 0) return;
    const { rows } = await db.query<{ name: string; present: number; before: number; elapsedS: number }>(
      `select key_name as name, present::float as present, before::float as before, elapsed_s as "elapsedS"
       from twolane.count_key_calls($1::text[], $2::int[])`,
      [told.map(({ name }) => name), told.map(({ untold }) => untold)],
    );
    const now = performance.now();
    for (const { name, present, before, elapsedS } of rows) {
      const since = (keys.get(name)?.untold ?? 0) - (told.find((each) => each.name === name)?.untold ?? 0);
      keys.set(name, { present, before, minuteAt: now - elapsedS * 1_000, untold: Math.max(0, since) });
    }
  };
  const syncSoon = (now: number) => {
    if (syncing || now - syncedAt < syncMs) return;
    [syncing, syncedAt] = [true, now];
    sync()
      .catch((error: unknown) => logger.warn({ err: error }, 'Calls of API keys are counted by this process alone'))
      .finally(() => {
        syncing = false;
      });
  };
  return {
    admit(name, perMinute) {
      const now = performance.now();
      const counts = turned(keys.get(name) ?? { present: 0, before: 0, minuteAt: now, untold: 0 }, now);
      keys.set(name, counts);
      const waitS = waitOf(counts, perMinute, now);
      if (waitS > 0) {
        syncSoon(now);
        throw tooOften(perMinute, waitS);
      }
      counts.untold += 1;
      syncSoon(now);
    },
  };
}

/** The counts as of now: a minute that is over becomes the one before. */
function turned(counts: Counts, now: number): Counts {
  const minutes = Math.floor((now - counts.minuteAt) / (minuteS * 1_000));
  if (minutes < 1) return counts;
  const { present, untold } = counts;
  const before = minutes === 1 ? present + untold : 0;
  return { present: 0, before, minuteAt: counts.minuteAt + minutes * minuteS * 1_000, untold: 0 };
}

/** Seconds until one more call fits, 0 when it does now. */
export function waitOf({ present, before, minuteAt, untold }: Counts, limit: number, now: number): number {
  const at = (now - minuteAt) / 1_000;
  const own = present + untold;
  if (before * (1 - at / minuteS) + own < limit) return 0;
  // The share of the minute before falls to what is left beside our own; with nothing left the next minute has to begin.
  if (own < limit) return Math.max(1, Math.ceil(minuteS * (1 - (limit - own) / before) - at));
  return Math.max(1, Math.ceil(minuteS - at + minuteS * (1 - limit / own)));
}

function tooOften(perMinute: number, waitS: number): Problem {
  const detail = `This API key may make ${perMinute} calls a minute. Try again in ${waitS} s.`;
  return new Problem(429, 'rate_limited', 'Too many calls', detail, { headers: { 'retry-after': String(waitS) } });
}

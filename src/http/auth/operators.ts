/** Operators: people with a password and a cookie session for the dashboard. */
import { hash, verify } from '@node-rs/argon2';
import type { Queryable } from '../../contract/database.ts';
import { newSecret, sha256 } from './secret.ts';
import { ShortCache } from './short-cache.ts';
import { createThrottle } from './throttle.ts';

/** How the dashboard logs people in, knows them again and lets them go. */
export interface OperatorSessions {
  /**
   * Checks the password. Undefined when it is wrong or the name is unknown (both take the same time).
   * @returns the value of the session cookie, and the token that every changing request must carry.
   * @throws Problem 429 `too_many_attempts` after repeated failures for a name, with Retry-After.
   */
  login(name: string, password: string): Promise<{ cookie: string; csrf: string } | undefined>;
  /** Who the cookie belongs to; undefined when it is unknown, idle for 8 h or older than 7 days. */
  find(cookie: string): Promise<{ name: string; csrf: string } | undefined>;
  logout(cookie: string): Promise<void>;
}

/** A hash of a password that nobody has, so that an unknown name costs as much time as a known one. */
const nobody = hash(newSecret('nobody'));

/** Builds the sessions over `twolane.operators` and `twolane.operator_sessions`; look-ups are up to 2 s old. */
export function operatorSessions({ db }: { db: Queryable }): OperatorSessions {
  const throttle = createThrottle({ failures: 10, pauseMs: 60_000 });
  const cache = new ShortCache((cookie) => load(db, cookie), { ttlMs: 2_000, size: 1_000 });
  return {
    async login(name, password) {
      throttle.check(name);
      const { rows } = await db.query<{ password_hash: string }>(
        'select password_hash from twolane.operators where name = $1',
        [name],
      );
      const right = await verify(rows[0]?.password_hash ?? (await nobody), password);
      if (!right || !rows[0]) return throttle.failed(name);
      throttle.passed(name);
      return open(db, name);
    },
    find: (cookie) => cache.get(cookie),
    async logout(cookie) {
      await db.query('delete from twolane.operator_sessions where sha256 = $1', [sha256(cookie)]);
      cache.forget(cookie);
    },
  };
}

/**
 * Gives an operator this password, making the operator when there is none. An unchanged password changes nothing; a
 * changed one ends the sessions that were opened with the old one.
 */
export async function setOperatorPassword(db: Queryable, name: string, password: string): Promise<void> {
  const { rows } = await db.query<{ password_hash: string }>(
    'select password_hash from twolane.operators where name = $1',
    [name],
  );
  if (rows[0] && (await verify(rows[0].password_hash, password))) return;
  await db.query(
    `with ended as (delete from twolane.operator_sessions where operator = $1)
     insert into twolane.operators (name, password_hash) values ($1, $2)
     on conflict (name) do update set password_hash = excluded.password_hash, changed_at = now()`,
    [name, await hash(password)],
  );
}

async function open(db: Queryable, name: string): Promise<{ cookie: string; csrf: string }> {
  const cookie = newSecret('tlo');
  const csrf = newSecret('tlc');
  await db.query(
    `with swept as (delete from twolane.operator_sessions where created_at < now() - interval '7 days')
     insert into twolane.operator_sessions (sha256, operator, csrf) values ($1, $2, $3)`,
    [sha256(cookie), name, csrf],
  );
  return { cookie, csrf };
}

/** Finds a session and notes that it was seen, at most once a minute so that reading pages writes little. */
async function load(db: Queryable, cookie: string): Promise<{ name: string; csrf: string } | undefined> {
  const { rows } = await db.query<{ name: string; csrf: string }>(
    `with seen as (
       update twolane.operator_sessions set seen_at = now()
       where sha256 = $1 and seen_at < now() - interval '1 minute' and seen_at > now() - interval '8 hours')
     select operator as name, csrf from twolane.operator_sessions
     where sha256 = $1 and seen_at > now() - interval '8 hours' and created_at > now() - interval '7 days'`,
    [sha256(cookie)],
  );
  return rows[0];
}

/** How operators log in with a password, are known again by a cookie, and are let go. */
import type { Queryable } from '../../contract/database.ts';
import { type Permission, type Role, roles } from '../../contract/permissions.ts';
import { Problem } from '../problem.ts';
import type { OidcIdentity } from './oidc.ts';
import { passwordFits } from './passwords.ts';
import { newSecret, sha256 } from './secret.ts';
import { ShortCache } from './short-cache.ts';
import { createThrottle } from './throttle.ts';

/** Who an operator is and what he may do. */
export interface OperatorIdentity {
  /** For the audit. */
  name: string;
  role: Role;
  permissions: readonly Permission[];
}

/** How the dashboard logs people in, knows them again and lets them go. */
export interface OperatorSessions {
  /**
   * Checks the password. Undefined when it is wrong or the name is unknown (both take the same time).
   * @returns the value of the session cookie, and the token that every changing request must carry.
   * @throws Problem 429 `too_many_attempts` after repeated failures for a name, with Retry-After.
   */
  login(name: string, password: string): Promise<OpenedSession | undefined>;
  /**
   * Lets somebody in for whom a provider has vouched, with the role of now; another role than before ends the sessions that
   * there are. @throws Problem 403 `name_taken` when an operator of that name logs in otherwise.
   */
  enter(identity: OidcIdentity): Promise<OpenedSession>;
  /** Who the cookie belongs to; undefined when it is unknown, idle for 8 h or older than 7 days. */
  find(cookie: string): Promise<(OperatorIdentity & { csrf: string }) | undefined>;
  logout(cookie: string): Promise<void>;
}

export interface OpenedSession {
  cookie: string;
  csrf: string;
}

/** Builds the sessions over `twolane.operators` and `twolane.operator_sessions`; look-ups are up to 2 s old. */
export function operatorSessions({ db }: { db: Queryable }): OperatorSessions {
  const throttle = createThrottle({ failures: 10, pauseMs: 60_000 });
  const cache = new ShortCache((cookie) => load(db, cookie), { ttlMs: 2_000, size: 1_000 });
  return {
    async login(name, password) {
      throttle.check(name);
      const { rows } = await db.query<{ password_hash: string | null }>(
        'select password_hash from twolane.operators where name = $1',
        [name],
      );
      if (!(await passwordFits(rows[0]?.password_hash, password))) return throttle.failed(name);
      throttle.passed(name);
      return openSession(db, name);
    },
    async enter(identity) {
      await putVouched(db, identity);
      return openSession(db, identity.name);
    },
    find: (cookie) => cache.get(cookie),
    async logout(cookie) {
      await db.query('delete from twolane.operator_sessions where sha256 = $1', [sha256(cookie)]);
      cache.forget(cookie);
    },
  };
}

async function putVouched(db: Queryable, { name, subject, role }: OidcIdentity): Promise<void> {
  const { rowCount } = await db.query(
    `with ended as (
       delete from twolane.operator_sessions s using twolane.operators o
       where o.name = $1 and s.operator = o.name and o.subject = $2 and o.role <> $3)
     insert into twolane.operators as o (name, subject, role) values ($1, $2, $3)
     on conflict (name) do update set role = excluded.role,
       changed_at = case when o.role = excluded.role then o.changed_at else now() end
     where o.subject = excluded.subject`,
    [name, subject, role],
  );
  if (rowCount === 1) return;
  const detail = `There is an operator "${name}" who is somebody else or logs in with a password. An admin can remove it.`;
  throw new Problem(403, 'name_taken', 'Not allowed', detail);
}

async function openSession(db: Queryable, name: string): Promise<OpenedSession> {
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
async function load(db: Queryable, cookie: string) {
  const { rows } = await db.query<{ name: string; csrf: string; role: Role }>(
    `with seen as (
       update twolane.operator_sessions set seen_at = now()
       where sha256 = $1 and seen_at < now() - interval '1 minute' and seen_at > now() - interval '8 hours')
     select operator as name, csrf, role from twolane.operator_sessions s join twolane.operators o on o.name = s.operator
     where sha256 = $1 and seen_at > now() - interval '8 hours' and s.created_at > now() - interval '7 days'`,
    [sha256(cookie)],
  );
  return rows[0] && { ...rows[0], permissions: roles[rows[0].role] };
}

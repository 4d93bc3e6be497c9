/** How operators log in with a password, are known again by a cookie, and are let go. */
import type { Queryable } from '../../contract/database.ts';
import { type Permission, type Role, roles } from '../../contract/permissions.ts';
import { Problem } from '../problem.ts';
import type { OidcIdentity } from './oidc.ts';
import { hashPassword, passwordFits } from './passwords.ts';
import { newSecret, sha256 } from './secret.ts';
import { sharedThrottle } from './shared-throttle.ts';
import { ShortCache } from './short-cache.ts';

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
   * @throws Problem 429 `too_many_attempts` after repeated failures for a name, in any process, with Retry-After.
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
  /**
   * Another password for whoever knows the old one; ends every other session than that of the cookie.
   * @throws Problem 422 `wrong_password`, 409 `no_password` for who logs in elsewhere, 429 `too_many_attempts`
   */
  changePassword(name: string, passwords: { old: string; next: string }, cookie: string): Promise<void>;
}

export interface OpenedSession {
  cookie: string;
  csrf: string;
}

/** Builds the sessions over `twolane.operators` and `twolane.operator_sessions`; look-ups are up to 2 s old. */
export function operatorSessions({ db }: { db: Queryable }): OperatorSessions {
  const throttle = sharedThrottle(db, { tries: 10, pauseMs: 60_000 });
  const cache = new ShortCache((cookie) => load(db, cookie), { ttlMs: 2_000, size: 1_000 });
  return {
    async login(name, password) {
      await throttle.charge(name);
      if (!(await passwordFits(await hashOf(db, name), password))) return undefined;
      await throttle.passed(name);
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
    async changePassword(name, { old, next }, cookie) {
      const hash = await hashOf(db, name);
      if (!hash) throw new Problem(409, 'no_password', 'Not possible', 'You log in elsewhere: change it there.');
      await throttle.charge(name);
      if (!(await passwordFits(hash, old))) throw wrongPassword();
      await throttle.passed(name);
      await db.query(
        `with ended as (delete from twolane.operator_sessions where operator = $1 and sha256 <> $3)
         update twolane.operators set password_hash = $2, changed_at = now() where name = $1`,
        [name, await hashPassword(next), sha256(cookie)],
      );
    },
  };
}

/** Undefined for names that nobody has, and for operators who log in elsewhere. */
async function hashOf(db: Queryable, name: string): Promise<string | undefined> {
  const { rows } = await db.query<{ password_hash: string | null }>(
    'select password_hash from twolane.operators where name = $1',
    [name],
  );
  return rows[0]?.password_hash ?? undefined;
}

function wrongPassword(): Problem {
  const detail = 'The old password is another one.';
  return new Problem(422, 'wrong_password', 'Not changed', detail, { errors: [{ pointer: '/old', detail }] });
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

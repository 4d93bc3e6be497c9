/** Sessions: found in the cache of the product where it has one, kept in PostgreSQL, prolonged by being used. */
import type { CachedSession, SessionCache } from '../../contract/auth.ts';
import type { Queryable } from '../../contract/database.ts';
import type { EndedSessions } from './ended-sessions.ts';
import type { Credential } from './tokens.ts';

/** Whose session it is; undefined when it is unknown, ended or was not used for its lifetime. */
export async function findSession(
  db: Queryable,
  cache: SessionCache | undefined,
  ended: Pick<EndedSessions, 'has'>,
  hash: string,
): Promise<Credential | undefined> {
  const known = await cache?.get(hash);
  if (known === 'ended') return undefined;
  if (known && known.expiresAt > Date.now()) return (await ended.has(hash)) ? undefined : toCredential(known);
  const { rows } = await db.query<{ userId: string; tenant: string | null; expiresAt: Date }>(findAndProlong, [
    Buffer.from(hash, 'hex'),
  ]);
  if (!rows[0]) return undefined;
  const { userId, tenant, expiresAt } = rows[0];
  const session = { userId, tenant: tenant ?? undefined, expiresAt: expiresAt.getTime() };
  await cache?.put(hash, session);
  return toCredential(session);
}

/** The end moves on in steps of a hundredth of the lifetime, so that reading writes little. */
const findAndProlong = `
  with prolonged as (
    update twolane.tokens set expires_at = now() + make_interval(secs => idle_s)
    where sha256 = $1 and kind = 'session' and ended_at is null and expires_at > now()
      and expires_at < now() + make_interval(secs => idle_s * 0.99)
    returning user_id, tenant, expires_at)
  select user_id as "userId", tenant, expires_at as "expiresAt" from prolonged
  union all
  select user_id, tenant, expires_at from twolane.tokens
  where sha256 = $1 and kind = 'session' and ended_at is null and expires_at > now() and not exists (select from prolonged)`;

function toCredential({ userId, tenant, expiresAt }: CachedSession): Credential {
  return {
    kind: 'session',
    name: userId,
    userId,
    scopes: [],
    tenant,
    ratePerMinute: null,
    expiresAt: new Date(expiresAt),
  };
}

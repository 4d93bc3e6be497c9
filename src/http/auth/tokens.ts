/** The token desk on PostgreSQL: issues and revokes user tokens, and finds out whose a bearer value is. */
import type { SessionCache, TokenIssuer, TokenKind } from '../../contract/auth.ts';
import type { Queryable } from '../../contract/database.ts';
import { EndedSessions, endTokens } from './ended-sessions.ts';
import { newSecret, sha256 } from './secret.ts';
import { findSession } from './sessions.ts';
import { ShortCache } from './short-cache.ts';

/** Whom a token or key stands for. `name` is the key's name, or the user's id. */
export interface Credential {
  kind: TokenKind | 'key';
  name: string;
  userId: string | undefined;
  scopes: readonly string[];
  /** Of a key that belongs to one tenant, and of the tokens it made. */
  tenant: string | undefined;
  /** Calls a minute; null: as many as one likes. */
  ratePerMinute: number | null;
  expiresAt: Date | null;
}

/** A token desk that also answers whose a token is; answers on keys and tokens other than sessions are up to 5 s old. */
export interface Tokens extends TokenIssuer {
  /** Undefined when it is unknown, revoked or expired. Takes API keys as well as tokens. */
  find(secret: string): Promise<Credential | undefined>;
}

const streamTicketS = 60;
/** A second less than what is promised, for the query itself. */
const believedMs = 4_000;
const prefixes = { session: 'tls', access: 'tla', stream: 'tlt' } as const;

/**
 * Builds the token desk over the tables `twolane.tokens` and `twolane.api_keys`.
 * @param sessions what stands in front of them for sessions; asked for at each call, since products are built later.
 */
export function createTokens(db: Queryable, sessions: () => SessionCache | undefined = () => undefined): Tokens {
  const cache = new ShortCache((hash) => load(db, hash), { ttlMs: believedMs, size: 10_000 });
  const ended = new EndedSessions(db, sessions);
  const end = async (tx: Queryable, condition: string, value: unknown) => {
    const { rows } = await tx.query<{ hash: string; session: boolean }>(endTokens(condition), [value]);
    return async () => {
      for (const { hash } of rows) cache.forget(hash);
      await ended.spread(rows.filter(({ session }) => session).map(({ hash }) => hash));
    };
  };
  return {
    async find(secret) {
      const hash = sha256(secret).toString('hex');
      // A key of the operator's own choice may look like a session, too.
      const session = secret.startsWith(`${prefixes.session}_`)
        ? await findSession(db, sessions(), ended, hash)
        : undefined;
      if (session) return session;
      const found = await cache.get(hash);
      return found?.expiresAt && found.expiresAt.getTime() <= Date.now() ? undefined : found;
    },
    async issue({ userId, kind, scopes, expiresInS, tenant }) {
      const token = newSecret(prefixes[kind]);
      const lifetimeS = kind === 'stream' ? Math.min(expiresInS, streamTicketS) : expiresInS;
      const { rows } = await db.query<{ expires_at: Date }>(insertToken, [
        sha256(token),
        userId,
        kind,
        [...scopes],
        lifetimeS,
        tenant ?? null,
      ]);
      return { token, expiresAt: rows[0]?.expires_at.toISOString() ?? '' };
    },
    async revoke(token) {
      const spread = await end(db, 'sha256 = $1', sha256(token));
      await spread();
    },
    revokeAll: (userId, tx) => end(tx, 'user_id = $1', userId),
  };
}

/** Every issue sweeps a few expired tokens, so that the table needs no housekeeping of its own. */
const insertToken = `
  with swept as (
    delete from twolane.tokens where sha256 in (
      select sha256 from twolane.tokens where expires_at < now() - interval '2 minutes' limit 10 for update skip locked))
  insert into twolane.tokens (sha256, user_id, kind, scopes, expires_at, tenant, idle_s)
  values ($1, $2, $3, $4, now() + make_interval(secs => $5), $6, case $3 when 'session' then $5::int end)
  returning expires_at`;

const findCredential = `
  with used as (
    update twolane.api_keys set used_at = now()
    where (sha256 = $1 or previous_sha256 = $1) and (used_at is null or used_at < now() - interval '1 minute'))
  select 'key' as kind, name, null as "userId", scopes, tenant, rate_per_minute as "ratePerMinute",
      case when sha256 = $1 then expires_at else least(expires_at, previous_until) end as "expiresAt"
    from twolane.api_keys where sha256 = $1 or previous_sha256 = $1
  union all
  select kind, user_id, user_id, scopes, tenant, null, expires_at from twolane.tokens where sha256 = $1 and kind <> 'session'`;

async function load(db: Queryable, hash: string): Promise<Credential | undefined> {
  const { rows } = await db.query<Credential>(findCredential, [Buffer.from(hash, 'hex')]);
  const found = rows[0];
  return found && { ...found, userId: found.userId ?? undefined, tenant: found.tenant ?? undefined };
}

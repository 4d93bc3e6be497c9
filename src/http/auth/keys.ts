/** API keys: made, listed, rotated and removed. Of a key only its SHA-256 is kept, and how it begins. */
import type { Queryable } from '../../contract/database.ts';
import { ConflictError, TwolaneError } from '../../contract/errors.ts';
import { newSecret, sha256 } from './secret.ts';

export interface ApiKey {
  name: string;
  /** How its value begins, to tell keys apart; null for a value of somebody's own choice. */
  hint: string | null;
  scopes: readonly string[];
  /** It reaches what is of this tenant and nothing else; null: everything. */
  tenant: string | null;
  /** Calls a minute, at all processes together; null: no limit. */
  ratePerMinute: number | null;
  createdAt: string;
  expiresAt: string | null;
  /** Until then the value before the last rotation works, too; null when it does not. */
  overlapUntil: string | null;
  /** To the minute; null: never. */
  usedAt: string | null;
}

export interface NewApiKey {
  name: string;
  scopes: readonly string[];
  tenant?: string | undefined;
  /** Milliseconds; without it the key does not expire. */
  lifetimeMs?: number | undefined;
  /** Default: no limit. */
  ratePerMinute?: number | undefined;
}

/** How much of a value is shown: too little to guess the rest. */
const hintLength = 9;

/** Makes a key, which is told here and never again. @throws ConflictError `name_taken` */
export async function addApiKey(db: Queryable, given: NewApiKey): Promise<string> {
  const { name, scopes, tenant, lifetimeMs, ratePerMinute } = given;
  const key = newSecret('tl');
  const { rowCount } = await db.query(
    `insert into twolane.api_keys (name, sha256, hint, scopes, tenant, expires_at, rate_per_minute)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7) on conflict (name) do nothing`,
    [
      ...[name, sha256(key), key.slice(0, hintLength), [...scopes], tenant ?? null],
      ...[lifetimeMs === undefined ? null : lifetimeMs / 1_000, ratePerMinute ?? null],
    ],
  );
  if (rowCount !== 1) throw new ConflictError('name_taken', `There is a key "${name}" already. Remove it first`);
  return key;
}

/**
 * Gives a key a new value, which is told here and never again; the one before works for `overlapMs` more, and the one before
 * that no longer. @throws TwolaneError `not_found`
 */
export async function rotateApiKey(db: Queryable, name: string, overlapMs: number): Promise<string> {
  const key = newSecret('tl');
  const { rowCount } = await db.query(
    `update twolane.api_keys set previous_sha256 = sha256, previous_until = now() + make_interval(secs => $4),
       sha256 = $2, hint = $3 where name = $1`,
    [name, sha256(key), key.slice(0, hintLength), overlapMs / 1_000],
  );
  if (rowCount !== 1) throw new TwolaneError('not_found', `There is no key "${name}"`);
  return key;
}

/** Makes or replaces the key of this name with a value of the caller's. */
export async function setApiKey(
  db: Queryable,
  name: string,
  key: string,
  scopes: readonly string[],
  tenant?: string,
): Promise<void> {
  await db.query(
    `insert into twolane.api_keys (name, sha256, scopes, tenant) values ($1, $2, $3, $4)
     on conflict (name) do update set sha256 = excluded.sha256, scopes = excluded.scopes, tenant = excluded.tenant,
       hint = null, previous_sha256 = null, previous_until = null`,
    [name, sha256(key), [...scopes], tenant ?? null],
  );
}

/** All of them, by name. */
export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  type Row = Record<'createdAt', Date> & Record<'expiresAt' | 'overlapUntil' | 'usedAt', Date | null>;
  const { rows } = await db.query<Omit<ApiKey, keyof Row> & Row>(
    `select name, hint, scopes, tenant, rate_per_minute as "ratePerMinute", created_at as "createdAt", expires_at as "expiresAt",
       case when previous_until > now() then previous_until end as "overlapUntil", used_at as "usedAt"
     from twolane.api_keys order by name`,
  );
  return rows.map(({ createdAt, expiresAt, overlapUntil, usedAt, ...key }) => ({
    ...key,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    overlapUntil: overlapUntil?.toISOString() ?? null,
    usedAt: usedAt?.toISOString() ?? null,
  }));
}

/** Every process has noticed within 5 s. False when there is no such key. */
export async function removeApiKey(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from twolane.api_keys where name = $1', [name]);
  return rowCount === 1;
}

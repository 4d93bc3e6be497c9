/** API keys: made, listed and removed. Of a key only its SHA-256 is kept. */
import type { Queryable } from '../../contract/database.ts';
import { ConflictError } from '../../contract/errors.ts';
import { newSecret, sha256 } from './secret.ts';

export interface ApiKey {
  name: string;
  scopes: readonly string[];
  /** It reaches what is of this tenant and nothing else; null: everything. */
  tenant: string | null;
  createdAt: string;
  expiresAt: string | null;
}

export interface NewApiKey {
  name: string;
  scopes: readonly string[];
  tenant?: string | undefined;
  /** Milliseconds; without it the key does not expire. */
  lifetimeMs?: number | undefined;
}

/** Makes a key, which is told here and never again. @throws ConflictError `name_taken` */
export async function addApiKey(db: Queryable, { name, scopes, tenant, lifetimeMs }: NewApiKey): Promise<string> {
  const key = newSecret('tl');
  const { rowCount } = await db.query(
    `insert into twolane.api_keys (name, sha256, scopes, tenant, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(secs => $5)) on conflict (name) do nothing`,
    [name, sha256(key), [...scopes], tenant ?? null, lifetimeMs === undefined ? null : lifetimeMs / 1_000],
  );
  if (rowCount !== 1) throw new ConflictError('name_taken', `There is a key "${name}" already. Remove it first`);
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
     on conflict (name) do update set sha256 = excluded.sha256, scopes = excluded.scopes, tenant = excluded.tenant`,
    [name, sha256(key), [...scopes], tenant ?? null],
  );
}

/** All of them, by name. */
export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<Omit<ApiKey, 'createdAt' | 'expiresAt'> & { created: Date; expires: Date | null }>(
    'select name, scopes, tenant, created_at as created, expires_at as expires from twolane.api_keys order by name',
  );
  return rows.map(({ created, expires, ...key }) => ({
    ...key,
    createdAt: created.toISOString(),
    expiresAt: expires?.toISOString() ?? null,
  }));
}

/** Other processes notice within 5 s. False when there is no such key. */
export async function removeApiKey(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from twolane.api_keys where name = $1', [name]);
  return rowCount === 1;
}

/** The first credentials, taken from the configuration at every start. */
import type { Queryable } from '../../contract/database.ts';
import { setOperatorPassword } from './operators.ts';
import { sha256 } from './secret.ts';

export const firstKeyName = 'first';
export const firstOperatorName = 'admin';

/**
 * Makes the API key `first` (all scopes) and the operator `admin` fit the configuration; another value there replaces
 * the earlier one. Unset values change nothing. Run after the migrations; safe in many processes at once.
 */
export async function seedCredentials(
  db: Queryable,
  config: { TWOLANE_API_KEY?: string | undefined; TWOLANE_OPERATOR_PASSWORD?: string | undefined },
): Promise<void> {
  if (config.TWOLANE_API_KEY !== undefined) await setApiKey(db, firstKeyName, config.TWOLANE_API_KEY, ['*']);
  if (config.TWOLANE_OPERATOR_PASSWORD !== undefined)
    await setOperatorPassword(db, firstOperatorName, config.TWOLANE_OPERATOR_PASSWORD);
}

/** Makes or replaces the API key of this name, of a tenant where one is given. Only its SHA-256 is kept. */
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

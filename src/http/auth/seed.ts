/** The first credentials, taken from the configuration at every start. */
import type { Queryable } from '../../contract/database.ts';
import { setApiKey } from './keys.ts';
import { seedOperator } from './operators.ts';

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
    await seedOperator(db, firstOperatorName, config.TWOLANE_OPERATOR_PASSWORD);
}

/** The weights of tenants: how many turns each takes where tenants share a queue. */
import { type Queryable, type TenantWeight, TwolaneError } from '../contract/index.ts';

/** A tenant without a row has this weight. */
const usualWeight = 1;
const largestWeight = 100;

export async function readTenants(database: Queryable): Promise<TenantWeight[]> {
  const { rows } = await database.query<TenantWeight>('select tenant, weight from twolane.tenants order by tenant');
  return rows;
}

/** @throws TwolaneError `invalid_weight` when it is not a whole number from 1 to 100 */
export async function setWeight(database: Queryable, { tenant, weight }: TenantWeight): Promise<void> {
  if (!Number.isInteger(weight) || weight < usualWeight || weight > largestWeight)
    throw new TwolaneError('invalid_weight', `The weight of a tenant is a whole number from 1 to ${largestWeight}`);
  if (weight === usualWeight) {
    await database.query('delete from twolane.tenants where tenant = $1', [tenant]);
    return;
  }
  await database.query(
    'insert into twolane.tenants values ($1, $2) on conflict (tenant) do update set weight = excluded.weight',
    [tenant, weight],
  );
}

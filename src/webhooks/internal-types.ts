/** Tells the ledger which job types are internal, since nobody hears of those without naming them. */
import type { Catalog, Queryable } from '../contract/index.ts';

/** The newest call decides about the types of its catalog; types of others stay as they are. */
export async function registerInternalTypes(database: Queryable, catalog: Catalog): Promise<void> {
  const types = Object.values(catalog).map((job) => job.type);
  const internal = Object.values(catalog).flatMap((job) => (job.internal ? job.type : []));
  await database.query('delete from twolane.internal_types where type = any($1) and type <> all($2)', [
    types,
    internal,
  ]);
  await database.query('insert into twolane.internal_types select unnest($1::text[]) on conflict do nothing', [
    internal,
  ]);
}

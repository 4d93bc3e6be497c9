/** Tells the ledger the limits of the job types, so that a changed limit counts for the jobs that wait for it already. */
import type { Catalog, JobDefinition, Queryable } from '../contract/index.ts';

/** The newest call decides: a type that is limited no more keeps a row that limits nothing. Types of others stay as they are. */
export async function registerLimits(database: Queryable, catalog: Catalog): Promise<void> {
  const rows = Object.values(catalog).map(toRow);
  await database.query(
    `insert into twolane.limits
     select x.* from json_populate_recordset(null::twolane.limits, $1) x
     where coalesce(x.concurrency, x.rate_count, x.key_concurrency, x.key_rate_count) is not null
       or exists (select from twolane.limits l where l.type = x.type)
     order by x.type
     on conflict (type) do update set concurrency = excluded.concurrency, rate_count = excluded.rate_count,
       rate_ms = excluded.rate_ms, key_concurrency = excluded.key_concurrency, key_rate_count = excluded.key_rate_count,
       key_rate_ms = excluded.key_rate_ms`,
    [JSON.stringify(rows)],
  );
}

function toRow({ type, limits: { concurrency, rate, perKey } = {} }: JobDefinition) {
  return {
    type,
    concurrency,
    rate_count: rate?.count,
    rate_ms: rate?.perMs,
    // One at a time is the strict order of a key, which needs no slots.
    key_concurrency: perKey?.concurrency === 1 ? undefined : perKey?.concurrency,
    key_rate_count: perKey?.rate?.count,
    key_rate_ms: perKey?.rate?.perMs,
  };
}

/** Tells the ledger the limits of the job types, so that a changed limit counts for the jobs that wait for it already. */
import type { Catalog, JobDefinition, Queryable } from '../contract/index.ts';

/** Live jobs in one statement. */
const slice = 5_000;

/**
 * The newest call decides: a type that is limited no more keeps a row that limits nothing. Types of others stay as they are.
 * Where a limit is new, it is put on the live jobs of its type before this resolves.
 */
export async function registerLimits(database: Queryable, catalog: Catalog): Promise<void> {
  const { rows } = await database.query<{ are_new: boolean }>(
    `with wanted as (
       select x.* from json_populate_recordset(null::twolane.limits, $1) x
       where coalesce(x.concurrency, x.rate_count, x.key_concurrency, x.key_rate_count) is not null
         or exists (select from twolane.limits l where l.type = x.type)
     ), before as (
       select l.* from twolane.limits l
     ), told as (
       insert into twolane.limits select * from wanted order by type
       on conflict (type) do update set concurrency = excluded.concurrency, rate_count = excluded.rate_count,
         rate_ms = excluded.rate_ms, key_concurrency = excluded.key_concurrency, key_rate_count = excluded.key_rate_count,
         key_rate_ms = excluded.key_rate_ms
     )
     -- Limits of another kind concern jobs that the earlier ones did not.
     select exists (select from wanted w left join before b on b.type = w.type
       where coalesce(w.concurrency, w.rate_count) is not null and coalesce(b.concurrency, b.rate_count) is null
         or coalesce(w.key_concurrency, w.key_rate_count) is not null
           and coalesce(b.concurrency, b.rate_count, b.key_concurrency, b.key_rate_count) is null) as are_new`,
    [JSON.stringify(Object.values(catalog).map(toRow))],
  );
  if (rows[0]?.are_new) await limitEarlierJobs(database);
}

async function limitEarlierJobs(database: Queryable): Promise<void> {
  for (let after: string | null = '0'; after !== null; ) {
    const { rows }: { rows: { last: string | null }[] } = await database.query(
      'select twolane.limit_next($1, $2) as last',
      [after, slice],
    );
    after = rows[0]?.last ?? null;
  }
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

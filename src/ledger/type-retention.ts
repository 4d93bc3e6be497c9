/** Job types that are forgotten sooner than others: told to the ledger at the start of a process, kept to by a step of the scheduler. */
import type { Catalog, Queryable } from '../contract/index.ts';
import type { Database } from './database.ts';

/** Jobs in one statement. */
const slice = 2_000;
/** So that a type with a long history does not keep the others waiting. */
const slicesInOneStep = 20;

/** The newest call decides for the types of its catalog; those of others stay as they are. */
export async function registerRetention(database: Queryable, catalog: Catalog): Promise<void> {
  const rows = Object.values(catalog).map(({ type, retention }) => ({ type, ...retention }));
  await database.query(
    `with wanted as (
       select * from json_to_recordset($1) as x(type text, ms bigint, count int)
     ), gone as (
       delete from twolane.type_retention r using wanted w where r.type = w.type and coalesce(w.ms, w.count) is null
     )
     insert into twolane.type_retention (type, ms, count)
       select type, ms, count from wanted where coalesce(ms, count) is not null order by type
     on conflict (type) do update set ms = excluded.ms, count = excluded.count`,
    [JSON.stringify(rows)],
  );
}

/** Forgets what is past its time, type by type. */
export async function forgetFinished(database: Database): Promise<void> {
  const { rows } = await database.query<{ type: string }>('select type from twolane.type_retention order by type');
  for (const { type } of rows) {
    for (let step = 0, more = true; more && step < slicesInOneStep; step += 1) {
      const { rows: answer } = await database.retrying(() =>
        database.query<{ more: boolean }>('select twolane.forget($1, $2) as more', [type, slice]),
      );
      more = answer[0]?.more ?? false;
    }
  }
}

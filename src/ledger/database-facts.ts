/** What PostgreSQL says about itself; counts and sizes that cost it the same with any backlog. */
import type { DatabaseFacts, Queryable } from '../contract/index.ts';

export async function readDatabaseFacts(database: Queryable): Promise<DatabaseFacts> {
  const { rows } = await database.query<DatabaseFacts & { mayListWal: boolean }>(factsSql);
  const { mayListWal, ...facts } = rows[0] as DatabaseFacts & { mayListWal: boolean };
  if (!mayListWal) return facts;
  const wal = await database.query<{ bytes: number }>('select sum(size)::float8 as bytes from pg_ls_waldir()');
  return { ...facts, walBytes: wal.rows[0]?.bytes ?? null };
}

const factsSql = `
  select current_setting('server_version') as version,
         (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as connections,
         current_setting('max_connections')::int as "maxConnections",
         greatest(0, (select extract(epoch from now() - min(xact_start)) from pg_stat_activity
                   where xact_start is not null and pid <> pg_backend_pid()))::float8 as "oldestTransactionS",
         pg_database_size(current_database())::float8 as bytes, null as "walBytes",
         has_function_privilege('pg_ls_waldir()', 'execute') as "mayListWal",
         (select coalesce(100 * sum(n_dead_tup) / nullif(sum(n_live_tup + n_dead_tup), 0), 0)::float8
          from pg_stat_user_tables where schemaname = (select nspname from pg_namespace where oid =
            (select relnamespace from pg_class where oid = 'twolane.live'::regclass))) as "bloatPercent"`;

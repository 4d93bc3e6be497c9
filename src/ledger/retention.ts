/** Keeps the tables small: partitions are made ahead of time and dropped whole, history is never deleted row by row. */
import type { Database } from './database.ts';

/** Makes the partitions of the coming weeks, drops those past retention, forgets old keys, statistics, progress and edits. */
export async function maintain(database: Database, retentionDays: number): Promise<void> {
  await database.query('select twolane.make_partitions()');
  await database.query('select twolane.drop_partitions($1)', [retentionDays]);
  await database.query('delete from twolane.job_keys where expires_at < now()');
  await database.query("delete from twolane.queue_stats where at < now() - interval '2 days'");
  await database.query("delete from twolane.schedule_runs where at < now() - $1 * interval '1 day'", [retentionDays]);
  await database.query("delete from twolane.type_stats where at < now() - interval '2 hours'");
  await database.query("delete from twolane.repairs where at < now() - $1 * interval '1 day'", [retentionDays]);
  await database.query(
    'delete from twolane.edits e where not exists (select from twolane.jobs j where j.id = e.job_id)',
  );
  await database.query("delete from twolane.dead_groups where count <= 0 and last_at < now() - $1 * interval '1 day'", [
    retentionDays,
  ]);
  await database.query("delete from twolane.operations where finished_at < now() - $1 * interval '1 day'", [
    retentionDays,
  ]);
  await database.query(
    "delete from twolane.progress p where not exists (select from twolane.live l where l.id = p.job_id) and p.at < now() - interval '1 hour'",
  );
}

/** Dead rows since the last vacuum that make another worth its price. */
const worthVacuuming = 5_000;

/**
 * Vacuums `live` and `tallies` when enough of their rows died: they change completely every few seconds under load, and
 * every look at a queue has to step over what is dead. Autovacuum comes once a minute, which is too late.
 */
export async function vacuumLive(database: Database): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `select relname as name from pg_stat_user_tables
     where schemaname = 'twolane' and relname in ('live', 'tallies') and n_dead_tup > $1`,
    [worthVacuuming],
  );
  for (const { name } of rows) await database.query(`vacuum (skip_locked, truncate off) twolane.${name}`);
}

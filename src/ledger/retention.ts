/** Keeps the tables small: partitions are made ahead of time and dropped whole, history is never deleted row by row. */
import type { Database } from './database.ts';

/** Makes the partitions of the coming weeks, drops those past retention, forgets old keys, statistics and progress. */
export async function maintain(database: Database, retentionDays: number): Promise<void> {
  await database.query('select twolane.make_partitions()');
  await database.query('select twolane.drop_partitions($1)', [retentionDays]);
  await database.query('delete from twolane.job_keys where expires_at < now()');
  await database.query("delete from twolane.queue_stats where at < now() - interval '2 days'");
  await database.query(
    "delete from twolane.progress p where not exists (select from twolane.live l where l.id = p.job_id) and p.at < now() - interval '1 hour'",
  );
}

/** Keeps the tables small: partitions are made ahead of time and dropped whole, history is never deleted row by row. */
import type { History, Logger, Queryable } from '../contract/index.ts';
import type { Database } from './database.ts';

/** How much history is kept; days go, the oldest first, until all of it fits. */
export interface Retention {
  days: number;
  /** Jobs, finished ones included. Default: no limit. */
  jobs?: number;
  /** Of the tables with their indexes; files do not count. Default: no limit. */
  bytes?: number;
  /** Of the audit, days. Default 365. */
  auditDays?: number;
}

/** Makes the partitions of the coming days, drops those past retention, forgets old keys, statistics, progress, edits and audit. */
export async function maintain(database: Database, retention: Retention, logger: Logger): Promise<void> {
  await database.query('select twolane.make_partitions()');
  await dropOldDays(database, retention, logger);
  const past = (column: string) => `${column} < now() - interval '${retention.days} days'`;
  await inSlices(database, 'job_keys', 'expires_at < now()');
  await inSlices(database, 'queue_stats', "at < now() - interval '2 days'");
  await inSlices(database, 'schedule_runs', past('at'));
  await inSlices(database, 'edits', 'not exists (select from twolane.jobs j where j.id = job_id)');
  await inSlices(database, 'dead_groups', `count <= 0 and ${past('last_at')}`);
  await inSlices(database, 'type_stats', "at < now() - interval '2 hours'");
  for (const measured of ['measurements', 'type_measurements']) {
    await inSlices(database, measured, "step = 60 and at < now() - interval '2 days'");
    await inSlices(database, measured, "at < now() - interval '31 days'");
  }
  await inSlices(database, 'alerts', past('resolved_at'));
  await inSlices(database, 'alert_silences', past('until'));
  await inSlices(database, 'repairs', past('at'));
  await inSlices(database, 'operations', past('finished_at'));
  await inSlices(database, 'webhook_deliveries', past('created_at'));
  // Among the oldest lines only: the audit has no index by time and needs none, since its ids grow with it.
  const oldLines = `select id from (select id, at from twolane.audit order by id limit ${slice}) oldest
    where at < now() - interval '${retention.auditDays ?? 365} days'`;
  await inSlices(database, 'audit', `id = any(array(${oldLines}))`);
  await inSlices(
    database,
    'progress',
    "at < now() - interval '1 hour' and not exists (select from twolane.live l where l.id = job_id)",
  );
}

interface DroppedDay {
  day: string;
  reason: 'age' | 'count' | 'bytes';
  jobs: string;
  bytes: string;
}

/** A day at a time, since dropping one stops everybody for a moment. */
async function dropOldDays(database: Database, { days, jobs, bytes }: Retention, logger: Logger): Promise<void> {
  for (;;) {
    const { rows } = await database.query<DroppedDay>(
      'select day::text, reason, jobs, bytes from twolane.drop_oldest($1, $2, $3)',
      [days, jobs ?? null, bytes ?? null],
    );
    const [dropped] = rows;
    if (!dropped) return;
    logger.info({ ...dropped }, 'A day of history was dropped');
  }
}

const slice = 5_000;

/** Deletes in transactions of bounded size. */
async function inSlices(database: Database, table: string, condition: string): Promise<void> {
  const some = `select ctid from twolane.${table} where ${condition} limit ${slice}`;
  // The condition stands twice: a row that changed in between is looked at again.
  const text = `delete from twolane.${table} where ctid = any(array(${some})) and ${condition}`;
  for (let deleted: number | null = slice; deleted === slice; ) ({ rowCount: deleted } = await database.query(text));
}

/** What is kept and what was dropped so far. */
export async function readHistory(database: Queryable): Promise<History> {
  const [kept, dropped] = await Promise.all([
    database.query('select min(day)::text as oldest, sum(jobs) as jobs, sum(bytes) as bytes from twolane.kept_days()'),
    database.query('select reason, days, jobs, bytes from twolane.dropped order by reason'),
  ]);
  const [row] = kept.rows;
  return {
    oldestDay: row.oldest,
    jobs: Number(row.jobs),
    bytes: Number(row.bytes),
    dropped: dropped.rows.map(({ reason, days, jobs, bytes }) => ({
      reason,
      days: Number(days),
      jobs: Number(jobs),
      bytes: Number(bytes),
    })),
  };
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
     where relid in ('twolane.live'::regclass, 'twolane.tallies'::regclass) and n_dead_tup > $1`,
    [worthVacuuming],
  );
  for (const { name } of rows) await database.query(`vacuum (skip_locked, truncate off) twolane.${name}`);
}

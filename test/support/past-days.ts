/** Days of finished jobs, written into the ledger as if they were that long ago. */
import type { Queryable, QueuePath } from '../../src/contract/index.ts';

export const dayMs = 24 * 60 * 60_000;

/** The day so many days ago, as `2026-03-01`. */
export const dayName = (age: number): string => new Date(Date.now() - age * dayMs).toISOString().slice(0, 10);

/** The id before the first one of a day; jobs of `addPastDay` have those that follow. */
export async function idAt({ query }: Queryable, day: string): Promise<string> {
  return (await query<{ id: string }>('select twolane.first_id($1::date) as id', [day])).rows[0]?.id ?? '';
}

/** Makes the partitions of a day and fills them with `count` jobs that have succeeded, with an attempt and a log line each. */
export async function addPastDay(database: Queryable, age: number, count: number, queue: QueuePath): Promise<void> {
  const { query } = database;
  const day = dayName(age);
  const suffix = day.replaceAll('-', '');
  const [from, to] = [await idAt(database, day), await idAt(database, dayName(age - 1))];
  for (const table of ['jobs', 'done', 'attempts', 'logs'])
    await query(
      `create table twolane.${table}_${suffix} partition of twolane.${table} for values from (${from}) to (${to})`,
    );
  await query(
    `with new as (
       insert into twolane.jobs (id, type, version, queue, prio, tenant, payload, max_attempts, timeout_ms)
       select $1::bigint + n, 'work', 1, $3, 2, '', '{}', 1, 1 from generate_series(1, $2::int) n returning id
     ), logged as (
       insert into twolane.logs (job_id, attempt, at, message) select id, 1, now(), repeat('x', 100) from new
     ), tried as (
       insert into twolane.attempts (job_id, attempt, fence, started_at, outcome) select id, 1, 1, now(), 'failed' from new
     )
     insert into twolane.done (id, type, queue, state, attempt, finished_at)
     select id, 'work', $3, 'succeeded', 1, now() from new`,
    [from, count, queue],
  );
  await query(`analyze twolane.jobs_${suffix}`);
}

/** The days before today that the ledger still has. */
export async function pastDays({ query }: Queryable): Promise<string[]> {
  const { rows } = await query<{ day: string }>(
    'select day::text from twolane.kept_days() where day < current_date order by day',
  );
  return rows.map(({ day }) => day);
}

/** Reads what the scheduler measured: minutes for the last two days, half hours before that. */
import {
  type Histogram,
  type Measurement,
  type MeasurementQuery,
  type Queryable,
  queuePath,
} from '../contract/index.ts';

/** Minutes are kept for two days; an hour less, so that none is missing at the edge. */
const minutesKeptMs = 47 * 3_600_000;

interface Row extends Omit<Measurement, 'at' | 'waits' | 'runs'> {
  at: Date;
  waits: Histogram;
  runs: Histogram;
}

/** The steps that anything was measured in, the oldest first. */
export async function readMeasurements(database: Queryable, query: MeasurementQuery): Promise<Measurement[]> {
  const { from, to, stepMs, lane, queue, type } = query;
  const step = Date.now() - from.getTime() <= minutesKeptMs ? 60 : 1_800;
  const values = [
    step,
    from,
    to,
    Math.max(stepMs, step * 1_000),
    lane && queue ? queuePath(lane, queue) : null,
    lane && !queue ? lane : null,
    queue && !lane ? queue : null,
  ];
  const { rows } = await (type === undefined
    ? database.query<Row>(ofQueues, values)
    : database.query<Row>(ofType, [...values, type]));
  return rows.map(({ at, waits, runs, ...counts }) => ({
    at: at.toISOString(),
    ...counts,
    waits: waits ?? [],
    runs: runs ?? [],
  }));
}

const bin = `date_bin($4 * interval '1 ms', at, 'epoch')`;
const fits = `step = $1 and at >= date_bin($4 * interval '1 ms', $2, 'epoch') and at < $3
  and ($5::text is null or queue = $5) and ($6::text is null or starts_with(queue, $6 || '/'))
  and ($7::text is null or split_part(queue, '/', 2) = $7)`;
const counted = `sum(succeeded)::float8 as succeeded, sum(failed)::float8 as failed, sum(starts)::float8 as starts,
  sum(late)::float8 as late, twolane.sum_counts(waits) as waits, twolane.sum_counts(runs) as runs`;

const ofQueues = `
  select ${bin} as at, ${counted}, sum(enqueued)::float8 as enqueued, sum(dead)::float8 as dead,
    sum(cancelled)::float8 as cancelled, max(oldest_ms) as "oldestMs"
  from twolane.measurements where ${fits} group by 1 order by 1`;

/** A step in which nothing of the type ran may be one in which all of it waited: its queue tells. */
const ofType = `
  with ran as (select ${bin} as at, ${counted} from twolane.type_measurements where type = $8 and ${fits} group by 1),
  waited as (
    select ${bin} as at, max(oldest_ms) as oldest from twolane.measurements
    where ${fits} and queue = any(select distinct t.queue from twolane.type_measurements t where t.type = $8) group by 1)
  select at, coalesce(succeeded, 0) as succeeded, coalesce(failed, 0) as failed, coalesce(starts, 0) as starts,
    coalesce(late, 0) as late, waits, runs, 0 as enqueued, 0 as dead, 0 as cancelled, coalesce(oldest, 0) as "oldestMs"
  from ran full join waited using (at) order by at`;

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
export async function readMeasurements(
  database: Queryable,
  { from, to, stepMs, lane, queue }: MeasurementQuery,
): Promise<Measurement[]> {
  const step = Date.now() - from.getTime() <= minutesKeptMs ? 60 : 1_800;
  const { rows } = await database.query<Row>(
    `select date_bin($4 * interval '1 ms', at, 'epoch') as at, sum(enqueued)::float8 as enqueued,
       sum(succeeded)::float8 as succeeded, sum(failed)::float8 as failed, sum(dead)::float8 as dead,
       sum(cancelled)::float8 as cancelled, sum(starts)::float8 as starts, sum(late)::float8 as late,
       twolane.sum_counts(waits) as waits, twolane.sum_counts(runs) as runs, max(oldest_ms) as "oldestMs"
     from twolane.measurements
     where step = $1 and at >= date_bin($4 * interval '1 ms', $2, 'epoch') and at < $3
       and ($5::text is null or queue = $5) and ($6::text is null or starts_with(queue, $6 || '/'))
       and ($7::text is null or split_part(queue, '/', 2) = $7)
     group by 1 order by 1`,
    [
      step,
      from,
      to,
      Math.max(stepMs, step * 1_000),
      lane && queue ? queuePath(lane, queue) : null,
      lane && !queue ? lane : null,
      queue && !lane ? queue : null,
    ],
  );
  return rows.map(({ at, waits, runs, ...counts }) => ({
    at: at.toISOString(),
    ...counts,
    waits: waits ?? [],
    runs: runs ?? [],
  }));
}

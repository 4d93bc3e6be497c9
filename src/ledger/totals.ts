/** What only rises, and how far behind the dispatchers are: for metrics. */
import {
  type DispatchLag,
  type Ending,
  endings,
  type Histogram,
  type Queryable,
  type QueuePath,
  type TypeTotals,
} from '../contract/index.ts';

/** 64-bit counts come as text. */
interface Row {
  type: string;
  queue: QueuePath;
  starts: string;
  late: string;
  redelivered: string;
  waits: string[];
  runs: string[];
  wait_s: number;
  run_s: number;
  endings: Partial<Record<Ending, number>>;
}

export async function readTotals(database: Queryable): Promise<TypeTotals[]> {
  const { rows } = await database.query<Row>('select * from twolane.type_totals order by type, queue');
  return rows.map((row) => ({
    type: row.type,
    queue: row.queue,
    starts: Number(row.starts),
    late: Number(row.late),
    redelivered: Number(row.redelivered),
    endings: Object.fromEntries(endings.map((ending) => [ending, row.endings[ending] ?? 0])) as Record<Ending, number>,
    waits: toHistogram(row.waits),
    runs: toHistogram(row.runs),
    waitS: row.wait_s,
    runS: row.run_s,
  }));
}

export async function readDispatchLags(database: Queryable): Promise<DispatchLag[]> {
  const { rows } = await database.query<{ queue: QueuePath; lag_ms: number }>('select * from twolane.dispatch_lag()');
  return rows.map(({ queue, lag_ms }) => ({ queue, lagMs: Math.max(0, Math.round(lag_ms)) }));
}

function toHistogram(counts: readonly string[]): Histogram {
  return counts.map(Number);
}

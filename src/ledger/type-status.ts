/** How each job type fares: its latency budget, and how long its jobs wait and run, from what the workers counted. */
import {
  burnOf,
  type Catalog,
  type Histogram,
  type JobDefinition,
  percentile,
  type Queryable,
  type QueuePath,
  queuePath,
  sumOf,
  type TypeStatus,
} from '../contract/index.ts';

interface Row {
  type: string;
  queue: string;
  starts_1m: number;
  late_1m: number;
  starts_1h: number;
  late_1h: number;
  waits: Histogram | null;
  runs: Histogram | null;
}

/** A type and what was counted of it, in all its queues together. */
export interface CountedType {
  status: TypeStatus;
  waits: Histogram;
  runs: Histogram;
}

export async function readTypes(database: Queryable, catalog: Catalog): Promise<CountedType[]> {
  const { rows } = await database.query<Row>('select * from twolane.type_status()');
  return Object.values(catalog).map((job) =>
    count(
      job,
      rows.filter((row) => row.type === job.type),
    ),
  );
}

function count(job: JobDefinition, rows: readonly Row[]): CountedType {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const waits = sumOf(rows.map((row) => row.waits ?? []));
  const runs = sumOf(rows.map((row) => row.runs ?? []));
  const starts = sum((row) => row.starts_1m);
  const status = {
    type: job.type,
    queue: queuePath(job.lane, job.queue),
    priority: job.priority,
    budgetMs: job.budgetMs,
    burn1m: burnOf(
      starts,
      sum((row) => row.late_1m),
    ),
    burn1h: burnOf(
      sum((row) => row.starts_1h),
      sum((row) => row.late_1h),
    ),
    startsPerS: starts / 60,
    ...times(waits, runs),
  };
  return { status, waits, runs };
}

/** What a queue's types make of it: the tightest budget, the worst burn, the times of all together. */
export function ofQueue(types: readonly CountedType[], queue: QueuePath) {
  const own = types.filter(({ status }) => status.queue === queue);
  const worst = (burns: readonly (number | null)[]) =>
    burns.reduce((most, burn) => (burn === null ? most : Math.max(burn, most ?? 0)), null);
  return {
    budgetMs: own.length === 0 ? null : Math.min(...own.map(({ status }) => status.budgetMs)),
    burn1m: worst(own.map(({ status }) => status.burn1m)),
    burn1h: worst(own.map(({ status }) => status.burn1h)),
    ...times(sumOf(own.map(({ waits }) => waits)), sumOf(own.map(({ runs }) => runs))),
  };
}

function times(waits: Histogram, runs: Histogram) {
  return {
    p50WaitMs: percentile(waits, 0.5),
    p95WaitMs: percentile(waits, 0.95),
    p50RunMs: percentile(runs, 0.5),
    p95RunMs: percentile(runs, 0.95),
  };
}

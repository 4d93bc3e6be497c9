/** Tells the ledger how jobs ended, many in one round trip. Only the holder of the present fence is heard. */
import type { Envelope, Outcome, Queryable, QueuePath } from '../contract/index.ts';
import { fingerprint } from './fingerprint.ts';

export interface EndedJob {
  id: string;
  fence: number;
  type: string;
  outcome: Outcome;
}

export type ReleasedEnvelope = Envelope & { queue: QueuePath };

export interface Settlement {
  /** Ids that were settled; one that is missing was fenced. */
  settled: Set<string>;
  /** Jobs that these outcomes set free and that are `queued` now: the caller publishes them. */
  released: ReleasedEnvelope[];
}

interface Row {
  id: string | null;
  released: ReleasedEnvelope[] | null;
}

const columns = 'select id, released from';

export async function settleJobs(database: Queryable, ended: readonly EndedJob[], worker: string): Promise<Settlement> {
  const settlement: Settlement = { settled: new Set(), released: [] };
  const succeeded = ended.filter(({ outcome }) => outcome.kind === 'succeeded' && !outcome.resultFile).sort(byId);
  const withFiles = ended.filter(({ outcome }) => outcome.kind === 'succeeded' && outcome.resultFile).sort(byId);
  const waits = ended.filter((job) => job.outcome.kind === 'waits');
  const others = ended.filter((job) => job.outcome.kind !== 'succeeded' && job.outcome.kind !== 'waits');
  if (succeeded.length > 0) collect(settlement, await settleSucceeded(database, succeeded, worker));
  if (withFiles.length > 0) collect(settlement, await settleWithFiles(database, withFiles, worker));
  if (others.length > 0) collect(settlement, await settleWith('settle_others', database, others.map(toItem), worker));
  if (waits.length > 0) collect(settlement, await settleWith('settle_waits', database, waits.map(toWait), worker));
  return settlement;
}

async function settleSucceeded(database: Queryable, jobs: readonly EndedJob[], worker: string): Promise<Row[]> {
  const results = jobs.map(({ outcome }) => {
    const result = outcome.kind === 'succeeded' ? outcome.result : null;
    return result === null || result === undefined ? null : JSON.stringify(result);
  });
  const { rows } = await database.query<Row>(`${columns} twolane.settle_succeeded($1, $2, $3, $4)`, [
    ...idsAndFences(jobs),
    results,
    worker,
  ]);
  return rows;
}

async function settleWithFiles(database: Queryable, jobs: readonly EndedJob[], worker: string): Promise<Row[]> {
  const files = jobs.map(({ outcome }) => (outcome.kind === 'succeeded' ? JSON.stringify(outcome.resultFile) : null));
  const { rows } = await database.query<Row>(`${columns} twolane.settle_with_files($1, $2, $3, $4)`, [
    ...idsAndFences(jobs),
    files,
    worker,
  ]);
  return rows;
}

function idsAndFences(jobs: readonly EndedJob[]): string[] {
  return [`{${jobs.map((job) => job.id).join(',')}}`, `{${jobs.map((job) => job.fence).join(',')}}`];
}

async function settleWith(
  name: 'settle_others' | 'settle_waits',
  database: Queryable,
  items: readonly object[],
  worker: string,
): Promise<Row[]> {
  const { rows } = await database.query<Row>(`${columns} twolane.${name}($1, $2)`, [JSON.stringify(items), worker]);
  return rows;
}

/** Rows are always locked in the order of their ids: two batches that met in another order would wait for each other. */
function byId(one: EndedJob, other: EndedJob): number {
  return one.id.length - other.id.length || (one.id < other.id ? -1 : 1);
}

function collect(settlement: Settlement, rows: readonly Row[]): void {
  for (const row of rows) {
    if (row.id !== null) settlement.settled.add(row.id);
    settlement.released.push(...(row.released ?? []));
  }
}

function toItem({ id, fence, type, outcome }: EndedJob) {
  const ended = { id, fence, still_runs: 'stillRuns' in outcome ? outcome.stillRuns : undefined };
  switch (outcome.kind) {
    case 'retry':
      return { ...ended, kind: 'retry', error: outcome.error, delay_ms: outcome.delayMs, outcome: failure(outcome) };
    case 'dead': {
      const print = fingerprint(type, outcome.error);
      return { ...ended, kind: 'dead', error: outcome.error, outcome: failure(outcome), fingerprint: print };
    }
    case 'cancelled':
      return { ...ended, kind: 'cancelled', reason: outcome.reason, outcome: 'cancelled' };
    default:
      return { id, fence, kind: 'released', delay_ms: 0 };
  }
}

const refusals: readonly [code: string, message: string][] = [
  [
    'circular_wait',
    'The job waits for one that can only start after it: one that waits for it, or a later one of its key',
  ],
  ['wait_in_vain', 'The job has waited for all of these children before; look at ctx.children() before you wait again'],
];

/** With what the ledger writes down should it refuse the wait. */
function toWait({ id, fence, type, outcome }: EndedJob) {
  if (outcome.kind !== 'waits') throw new TypeError(`This is no wait but ${outcome.kind}`);
  const { children, onChildFailure, cancelChildren = true } = outcome;
  const described = refusals.map(([code, message]) => {
    const error = { name: 'NonRetryableError', code, message };
    return [code, { error, fingerprint: fingerprint(type, error) }] as const;
  });
  const asked = { id, fence, waits_for: children, rule: onChildFailure, owned: cancelChildren };
  return { ...asked, refusals: Object.fromEntries(described) };
}

function failure({ timedOut }: { timedOut: boolean }): 'timed_out' | 'failed' {
  return timedOut ? 'timed_out' : 'failed';
}

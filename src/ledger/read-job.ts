/** One job with everything known about it. */
import {
  type Attempt,
  type JobDetail,
  type Json,
  type JsonObject,
  masked,
  type PayloadFile,
  type Queryable,
} from '../contract/index.ts';
import {
  type AttemptRow,
  isoOrNull,
  isShown,
  type JobRow,
  jobColumns,
  jobTables,
  toAttempt,
  toSummary,
} from './rows.ts';

interface DetailRow extends JobRow {
  version: number;
  payload: Json;
  payload_file: PayloadFile | null;
  result: Json | null;
  result_file: PayloadFile | null;
  metadata: JsonObject | null;
  timeout_ms: number;
  expires_at: Date | null;
  parent_id: string | null;
  waits_for: string[] | null;
  flow_id: string | null;
  traceparent: string | null;
  percent: number | null;
  note: string | null;
  restorable_until: Date | null;
  cancel_at: Date | null;
}

const mostChildren = 100;

export async function readJob(database: Queryable, id: string): Promise<JobDetail | undefined> {
  const { rows } = await database.query<DetailRow>(
    `select ${jobColumns}, j.version, j.payload, j.payload_file, d.result, d.result_file, j.metadata, j.timeout_ms, j.expires_at, j.parent_id,
       j.waits_for, j.flow_id, j.traceparent, p.percent, p.note, l.cancel_at,
       (select u.expires_at from twolane.discarded u where u.id = j.id and u.expires_at > now()) as restorable_until
     from ${jobTables} left join twolane.progress p on p.job_id = j.id where j.id = $1 and ${isShown}`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const [attempts, childIds] = await Promise.all([readAttempts(database, id), readChildIds(database, id)]);
  return {
    ...toSummary(row),
    version: row.version,
    payload: masked(row.payload),
    payloadFile: describeFile(row.payload_file),
    result: row.result,
    resultFile: describeFile(row.result_file),
    metadata: row.metadata,
    attempts: [...attempts, ...presentAttempt(row)],
    progress: row.percent === null ? null : { percent: row.percent, note: row.note },
    timeoutMs: row.timeout_ms,
    expiresAt: isoOrNull(row.expires_at),
    traceId: row.traceparent?.split('-')[1] ?? null,
    parentId: row.parent_id,
    childIds,
    waitsFor: row.waits_for ?? [],
    flowId: row.flow_id,
    restorableUntil: isoOrNull(row.restorable_until),
  };
}

function describeFile(file: PayloadFile | null) {
  return file && { bytes: file.bytes, sha256: file.sha256 };
}

async function readAttempts(database: Queryable, id: string): Promise<Attempt[]> {
  const { rows } = await database.query<AttemptRow>(
    `select attempt, worker, started_at, finished_at, outcome, cancel_requested_at, stopped_at, error
     from twolane.attempts where job_id = $1 order by fence`,
    [id],
  );
  return rows.map(toAttempt);
}

async function readChildIds(database: Queryable, id: string): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    'select id from twolane.jobs where parent_id = $1 order by id limit $2',
    [id, mostChildren],
  );
  return rows.map((row) => row.id);
}

/** Failed attempts have rows of their own; the one that runs now and the one that succeeded are in the job's row. */
function presentAttempt(row: DetailRow): Attempt[] {
  if (row.started_at === null || (row.state !== 'running' && row.state !== 'succeeded')) return [];
  return [
    {
      attempt: row.attempt,
      worker: row.worker,
      startedAt: row.started_at.toISOString(),
      finishedAt: isoOrNull(row.finished_at),
      outcome: row.state,
      cancelRequestedAt: isoOrNull(row.cancel_at),
      stoppedAt: isoOrNull(row.finished_at),
      error: null,
    },
  ];
}

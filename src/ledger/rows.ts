/** From rows to what the API and the dashboard show: one list of columns, one mapping. */
import {
  type Attempt,
  type JobError,
  type JobState,
  type JobSummary,
  priorities,
  splitQueuePath,
} from '../contract/index.ts';

export interface JobRow {
  id: string;
  type: string;
  queue: string;
  prio: number;
  key: string | null;
  tenant: string;
  owner: string | null;
  max_attempts: number;
  run_at: Date | null;
  state: JobState;
  reason: string | null;
  attempt: number;
  started_at: Date | null;
  finished_at: Date | null;
  enqueued_at: Date;
  worker: string | null;
  error: JobError | null;
}

/** What is shown of a job; `ofAttempt` narrows the attempts that are looked at, `live` is its row there. */
const columns = (ofAttempt: string, live: string) => `
  j.id, j.type, j.queue, j.prio, j.key, j.tenant, j.owner, twolane.time_of(j.id) as enqueued_at,
  coalesce(l.max_attempts, j.max_attempts) as max_attempts, coalesce(l.due_at, j.run_at) as run_at,
  coalesce(l.state, d.state, case when x.id is not null then 'dead' end, 'cancelled') as state,
  coalesce(l.cancel, l.reason, d.reason, x.reason, twolane.why_not(${live})) as reason,
  coalesce(l.attempt, d.attempt, x.attempt, 0) as attempt,
  coalesce(l.started_at, d.started_at, x.started_at) as started_at, coalesce(d.finished_at, x.died_at) as finished_at,
  coalesce(d.worker, x.worker, s.host || ':' || s.pid) as worker,
  coalesce(x.error, (select a.error from twolane.attempts a
    where a.job_id = j.id and l.attempt > 0 ${ofAttempt} order by a.fence desc limit 1)) as error`;

/** A job is in exactly one of live, done and dead; `jobs` says what was asked for. */
const tables = (live: string, done: string, dead: string) => `
  twolane.jobs j
  left join ${live} l on l.id = j.id
  left join ${done} d on d.id = j.id
  left join ${dead} x on x.id = j.id
  left join twolane.sessions s on s.id = l.worker`;

export const jobColumns = columns('', 'l');
export const jobTables = tables('twolane.live', 'twolane.done', 'twolane.dead');

/** With `limit`, so that the planner looks each up instead of reading a day, or all that is live or dead, as a whole. */
const named = (table: string, narrowed = '') =>
  `lateral (select r.*, r as whole from ${table} r where r.id = j.id ${narrowed} limit 1)`;
const namedTables = tables(named('twolane.live'), named('twolane.done', 'and r.id = any($1)'), named('twolane.dead'));

/** The jobs whose ids are in `$1`, the newest first. They are said for every table, so that none of the other days is planned for. */
export const namedJobsSql = `select ${columns('and a.job_id = any($1)', 'l.whole')} from ${namedTables}
  where j.id = any($1::bigint[]) order by j.id desc`;

/** Leaves out what its type has forgotten; over `jobTables`. */
export const isShown = 'not twolane.is_forgotten(j.type, j.id, d.finished_at)';

export function toSummary(row: JobRow): JobSummary {
  const { lane, queue } = splitQueuePath(row.queue);
  return {
    id: row.id,
    type: row.type,
    lane,
    queue,
    state: row.state,
    reason: row.reason,
    priority: priorities[row.prio] ?? 'normal',
    key: row.key,
    tenant: row.tenant || null,
    owner: row.owner,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    enqueuedAt: row.enqueued_at.toISOString(),
    runAt: isoOrNull(row.run_at),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    worker: row.worker,
    error: row.error,
  };
}

export interface AttemptRow {
  attempt: number;
  worker: string | null;
  started_at: Date;
  finished_at: Date;
  cancel_requested_at: Date | null;
  stopped_at: Date | null;
  outcome: Attempt['outcome'];
  error: JobError | null;
}

export function toAttempt(row: AttemptRow): Attempt {
  return {
    attempt: row.attempt,
    worker: row.worker,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at.toISOString(),
    outcome: row.outcome,
    cancelRequestedAt: isoOrNull(row.cancel_requested_at),
    stoppedAt: isoOrNull(row.stopped_at),
    error: row.error,
  };
}

export function isoOrNull(time: Date | null): string | null {
  return time ? time.toISOString() : null;
}

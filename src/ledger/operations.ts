/** What operators and the API ask of the ledger and tell it to do. */
import {
  type Alarm,
  ConflictError,
  type Conservation,
  isFinal,
  type JobLogLine,
  type JobState,
  type Lane,
  type LaneName,
  type Operations,
  type Page,
  type PageRequest,
  TwolaneError,
} from '../contract/index.ts';
import type { Database } from './database.ts';
import { readFlow } from './flows.ts';
import { defaultPage, largestPage, listJobs } from './list-jobs.ts';
import { pause, readPauses, resume } from './pauses.ts';
import { countCap, readQueues } from './queue-status.ts';
import { readJob } from './read-job.ts';
import { readWorkers } from './read-workers.ts';

export interface OperationsOptions {
  database: Database;
  lanes: ReadonlyMap<LaneName, Lane>;
}

export function createOperations({ database, lanes }: OperationsOptions): Operations {
  return {
    get: (id) => readJob(database, id),
    flow: (id) => readFlow(database, id),
    list: (filter, page) => listJobs(database, filter, page),
    logs: (id, page) => readLogs(database, id, page),
    cancel: (id, reason = 'cancelled') => cancel(database, id, reason),
    async retry(id, { payload, version } = {}) {
      const { rows } = await database.retrying(() =>
        database.query<{ state: JobState | null }>('select twolane.retry($1, $2, $3) as state', [
          id,
          payload === undefined ? null : JSON.stringify(payload),
          version ?? null,
        ]),
      );
      return rows[0]?.state ?? refuse(database, id, 'not_retryable', 'only dead and scheduled jobs can be retried');
    },
    async discard(id) {
      const { rows } = await database.retrying(() =>
        database.query<{ done: boolean }>('select twolane.discard($1) as done', [id]),
      );
      return rows[0]?.done ? 'cancelled' : refuse(database, id, 'not_dead', 'only dead jobs can be discarded');
    },
    queues: () => readQueues(database, lanes),
    pause: (target) => pause(database, target),
    resume: (target) => resume(database, target),
    pauses: () => readPauses(database),
    alarms: () => readAlarms(database),
    workers: () => readWorkers(database),
    conservation: () => readConservation(database),
    deadGroups: (limit) => readDeadGroups(database, limit),
  };
}

async function cancel(database: Database, id: string, reason: string): Promise<JobState> {
  const { rows } = await database.retrying(() =>
    database.query<{ state: JobState }>('select state from twolane.cancel($1, $2)', [`{${id}}`, reason]),
  );
  const state = rows[0]?.state;
  if (state === undefined) return refuse(database, id, 'already_final', 'it has ended already');
  // Told after the commit, and only for running jobs: their workers listen, and find it with the next heartbeat otherwise.
  if (state === 'running') await database.query("select pg_notify('twolane_cancel', $1)", [id]);
  return state;
}

async function refuse(database: Database, id: string, code: string, why: string): Promise<never> {
  const job = await readJob(database, id);
  if (!job) throw new TwolaneError('not_found', `There is no job ${id}`);
  const hint = isFinal(job.state) ? '' : ' Cancel it first if it must not run';
  throw new ConflictError(code, `Job ${id} is ${job.state}: ${why}.${hint}`);
}

async function readLogs(database: Database, id: string, page: PageRequest): Promise<Page<JobLogLine>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  const { rows } = await database.query(
    `select seq, at, attempt, message, fields from twolane.logs where job_id = $1 and seq > $2 order by seq limit $3`,
    [id, page.cursor ?? '0', limit + 1],
  );
  const items = rows.slice(0, limit);
  return {
    items: items.map(({ at, attempt, message, fields }) => ({ at: at.toISOString(), attempt, message, fields })),
    nextCursor: rows.length > limit ? items.at(-1).seq : null,
  };
}

async function readAlarms(database: Database): Promise<Alarm[]> {
  const { rows } = await database.query<Omit<Alarm, 'since'> & { since: Date }>('select * from twolane.alarms($1)', [
    countCap,
  ]);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

async function readConservation(database: Database): Promise<Conservation> {
  const { rows } = await database.query('select * from twolane.conservation()');
  const appended = Number(rows[0].appended);
  const settled = Number(rows[0].settled);
  const live = Number(rows[0].live);
  return { appended, settled, live, unaccounted: appended - settled - live };
}

async function readDeadGroups(database: Database, limit: number): ReturnType<Operations['deadGroups']> {
  const { rows } = await database.query(
    `select fingerprint, type, max(error ->> 'message') as message, count(*)::int as count, max(died_at) as last_at,
       max(id)::text as sample_id
     from (select * from twolane.dead order by id desc limit 10000) newest
     group by fingerprint, type order by last_at desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    type: row.type,
    message: row.message,
    count: row.count,
    lastAt: row.last_at.toISOString(),
    sampleId: row.sample_id,
  }));
}

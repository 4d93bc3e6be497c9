/** What operators and the API ask of the ledger and tell it to do. */
import {
  type Alarm,
  type Catalog,
  ConflictError,
  cutPage,
  isFinal,
  type JobLogLine,
  type JobState,
  type Lane,
  type LaneName,
  type Operations,
  type Page,
  type PageRequest,
  type PayloadFiles,
  TwolaneError,
} from '../contract/index.ts';
import { readBooks, readConservation } from './conservation.ts';
import type { Database } from './database.ts';
import { readDatabaseFacts } from './database-facts.ts';
import { readDeadGroups } from './dead-groups.ts';
import { discardJob, discardJobForGood, readChanges, restoreJob, retryJob } from './dead-letters.ts';
import { readEstimate } from './estimate.ts';
import { readFlow } from './flows.ts';
import { freeKey, readJobsOfKeys } from './job-keys.ts';
import { defaultPage, largestPage, listJobs } from './list-jobs.ts';
import { readMeasurements } from './measurements.ts';
import { pause, readPauses, resume } from './pauses.ts';
import { readResult } from './payloads.ts';
import { setMaxAge } from './pressure.ts';
import { countCap, readQueues } from './queue-status.ts';
import { readJob } from './read-job.ts';
import { readRepairCounts, readRepairs } from './read-repairs.ts';
import { drainWorker, readWorkerJobs, readWorkers } from './read-workers.ts';
import { readHistory } from './retention.ts';
import { createSecretPayloads } from './secret-payloads.ts';
import { readTenants, setWeight } from './tenants.ts';
import { readDispatchLags, readTotals } from './totals.ts';
import { readTypes } from './type-status.ts';

export interface OperationsOptions {
  catalog: Catalog;
  database: Database;
  lanes: ReadonlyMap<LaneName, Lane>;
  /** How long a discarded job can be restored, milliseconds. */
  undoMs: number;
  payloads: PayloadFiles;
}

export function createOperations({ database, lanes, catalog, payloads, undoMs }: OperationsOptions): Operations {
  const secretPayloads = createSecretPayloads({ database, payloads, catalog });
  return {
    get: (id) => readJob(database, id),
    payload: secretPayloads.shown,
    reveal: secretPayloads.revealed,
    complete: secretPayloads.complete,
    result: (id) => readResult(database, payloads, id),
    flow: (id) => readFlow(database, id),
    list: (filter, page) => listJobs(database, filter, page),
    logs: (id, page) => readLogs(database, id, page),
    jobsOfKeys: (keys) => readJobsOfKeys(database, keys),
    freeKey: (key) => freeKey(database, key),
    cancel: (id, reason = 'cancelled') => cancel(database, id, reason),
    async retry(id, { payload: edited, ...options } = {}) {
      const payload = edited === undefined ? undefined : await secretPayloads.sealedEdit(id, edited);
      const state = await retryJob(database, payloads, id, { ...options, payload });
      return state ?? refuse(database, id, 'not_retryable', 'only dead and scheduled jobs can be retried');
    },
    async discard(id, { forGood = false } = {}) {
      if (await (forGood ? discardJobForGood(database, id) : discardJob(database, id, undoMs))) return 'cancelled';
      return refuse(database, id, 'not_dead', 'only dead jobs can be discarded');
    },
    async restore(id) {
      if (await restoreJob(database, id)) return 'dead';
      return refuse(database, id, 'not_restorable', 'only jobs that were discarded a moment ago can be restored');
    },
    changes: (id) => readChanges(database, id),
    queues: () => readQueues(database, lanes, catalog),
    pause: (target) => pause(database, target),
    resume: (target) => resume(database, target),
    pauses: () => readPauses(database),
    setMaxAge: (queue, maxAgeMs) => setMaxAge(database, queue, maxAgeMs),
    alarms: () => readAlarms(database),
    workers: () => readWorkers(database),
    workerJobs: () => readWorkerJobs(database),
    drain: (id) => drainWorker(database, id),
    tenants: () => readTenants(database),
    setWeight: (tenant) => setWeight(database, tenant),
    types: async () => (await readTypes(database, catalog)).map(({ status }) => status),
    totals: () => readTotals(database),
    dispatchLags: () => readDispatchLags(database),
    estimate: (job) => readEstimate(database, catalog, job),
    repairs: (page) => readRepairs(database, page),
    repairCounts: () => readRepairCounts(database),
    measurements: (query) => readMeasurements(database, query),
    conservation: () => readConservation(database),
    books: () => readBooks(database),
    history: () => readHistory(database),
    databaseFacts: () => readDatabaseFacts(database),
    deadGroups: (filter, page) => readDeadGroups(database, filter, page),
  };
}

async function cancel(database: Database, id: string, reason: string): Promise<JobState> {
  const { rows } = await database.retrying(() =>
    database.query<{ state: JobState }>('select state from twolane.cancel($1, $2)', [`{${id}}`, reason]),
  );
  const state = rows[0]?.state;
  if (state === undefined) return refuse(database, id, 'already_final', 'it has ended already');
  // Told after the commit, and only for running jobs: their workers listen, and find it with the next heartbeat otherwise.
  if (state === 'running') await database.query("select pg_notify('twolane.cancel', $1)", [id]);
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
  const { items, nextCursor } = cutPage(rows, limit, ({ seq }) => seq);
  const shown = items.map(({ at, attempt, message, fields }) => ({ at: at.toISOString(), attempt, message, fields }));
  return { items: shown, nextCursor };
}

async function readAlarms(database: Database): Promise<Alarm[]> {
  const { rows } = await database.query<Omit<Alarm, 'since'> & { since: Date }>('select * from twolane.alarms($1)', [
    countCap,
  ]);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

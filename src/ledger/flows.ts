/** Flows in the ledger: writes one in one statement, and reads what a job waited for. */
import type {
  ChildJob,
  FlowView,
  InsertedJob,
  NewJob,
  PayloadFile,
  PayloadFiles,
  Queryable,
} from '../contract/index.ts';
import { toInsertRow } from './insert.ts';
import { isShown, type JobRow, jobColumns, jobTables, toSummary } from './rows.ts';

export interface FlowInsert {
  /** The caller will publish the jobs that come back as `queued`. */
  direct: boolean;
  shard: number;
  idempotencyKey?: string;
  tenant?: string;
}

type FlowJobRow = Pick<InsertedJob, 'id' | 'state' | 'deduplicated'> & Pick<NewJob, 'type' | 'queue'>;

/** All jobs or none; those of an earlier flow, marked so, where the key led to one. */
export async function insertFlow(
  database: Queryable,
  jobs: readonly NewJob[],
  { direct, shard, idempotencyKey, tenant }: FlowInsert,
): Promise<(InsertedJob & Pick<NewJob, 'type' | 'queue'>)[]> {
  const { rows } = await database.query<FlowJobRow>(
    'select id, state, deduplicated, type, queue from twolane.enqueue_flow($1, $2, $3, $4, $5)',
    [JSON.stringify(jobs.map(toInsertRow)), direct, shard, idempotencyKey ?? null, tenant ?? ''],
  );
  return rows.map((row) => ({ ...row, replaced: false, payloadDiffers: false }));
}

/** What a job waited for, in the order in which it named it; with `all` also what that waited for, the first steps first. */
export async function readChildren(
  { database, payloads }: { database: Queryable; payloads: Pick<PayloadFiles, 'read'> },
  id: string,
  all: boolean,
): Promise<ChildJob[]> {
  const { rows } = await database.query<ChildJob & { file: PayloadFile | null }>(
    `select j.id, j.type, coalesce(l.state, d.state, 'dead') as state, coalesce(l.reason, d.reason, x.reason) as reason,
       d.result, d.result_file as file, x.error
     from twolane.children($1, $2) with ordinality c(id, place) join twolane.jobs j on j.id = c.id
       left join twolane.live l on l.id = j.id left join twolane.done d on d.id = j.id left join twolane.dead x on x.id = j.id
     order by c.place`,
    [id, all],
  );
  const children: ChildJob[] = [];
  for (const { file, ...child } of rows) children.push(file ? { ...child, result: await payloads.read(file) } : child);
  return children;
}

/** The flow that a job belongs to. */
export async function readFlow(database: Queryable, id: string): Promise<FlowView | undefined> {
  const { rows } = await database.query<JobRow & { flow_id: string; waits_for: string[] | null }>(
    `select ${jobColumns}, j.flow_id, j.waits_for from ${jobTables}
     where j.flow_id = (select flow_id from twolane.jobs where id = $1) and ${isShown} order by j.id`,
    [id],
  );
  const [first] = rows;
  if (!first) return undefined;
  const jobs = rows.map((row) => ({ ...toSummary(row), waitsFor: row.waits_for ?? [] }));
  const counts: FlowView['counts'] = {};
  for (const { state } of jobs) counts[state] = (counts[state] ?? 0) + 1;
  return { id: first.flow_id, counts, jobs };
}

/** Dead letters: what may be done to one of them, and what was. */
import {
  type AuditedChange,
  type JobState,
  type Json,
  masked,
  type PayloadFile,
  type PayloadFiles,
  type Queryable,
} from '../contract/index.ts';
import type { Database } from './database.ts';
import { newPayload } from './payloads.ts';

/** Puts one back, or runs a scheduled job now. Undefined when it is neither. */
export async function retryJob(
  database: Database,
  payloads: PayloadFiles,
  id: string,
  { payload, version, auditId }: { payload?: Json | undefined; version?: number; auditId?: string },
): Promise<JobState | undefined> {
  const edited = await newPayload(payloads, payload);
  const { rows } = await database.retrying(() =>
    database.query<{ state: JobState | null }>('select twolane.retry($1, $2, $3, $4, $5) as state', [
      id,
      edited.row,
      edited.file,
      version ?? null,
      auditId ?? null,
    ]),
  );
  return rows[0]?.state ?? undefined;
}

/** Gives one up; for `undoMs` it can be restored. False when it is not dead. */
export function discardJob(database: Database, id: string, undoMs: number): Promise<boolean> {
  return moved(database, 'select twolane.discard($1, $2) as ids', [`{${id}}`, undoMs]);
}

/** Gives one up that is dead, or was discarded a moment ago, with no way back. False when it is neither. */
export function discardJobForGood(database: Database, id: string): Promise<boolean> {
  return moved(database, 'select twolane.discard_for_good($1) as ids', [`{${id}}`]);
}

/** Makes a discarded one dead again. False when it is not discarded, or was too long ago. */
export async function restoreJob(database: Database, id: string): Promise<boolean> {
  return moved(database, 'select twolane.restore($1) as ids', [`{${id}}`]);
}

async function moved(database: Database, sql: string, values: unknown[]): Promise<boolean> {
  const { rows } = await database.retrying(() => database.query<{ ids: string[] }>(sql, values));
  return (rows[0]?.ids.length ?? 0) > 0;
}

interface ChangeRow {
  at: Date;
  actor: string | null;
  action: string;
  detail: Json | null;
  outcome: string | null;
  edited: boolean;
  previous: Json;
  previous_file: PayloadFile | null;
}

const mostChanges = 500;

/** What was done to a job, the newest first, up to 500. */
export async function readChanges(database: Queryable, id: string): Promise<AuditedChange[]> {
  const { rows } = await database.query<ChangeRow>(
    `select coalesce(a.at, e.at) as at, a.actor, coalesce(a.action, 'retry') as action, a.detail,
       case when a.id is null then 'done' else a.outcome end as outcome, e.id is not null as edited, e.previous, e.previous_file
     from (select * from twolane.audit where target = $1 order by id desc limit $2) a
     full join (select * from twolane.edits where job_id = $1::bigint order by id desc limit $2) e on e.audit_id = a.id
     order by at desc limit $2`,
    [id, mostChanges],
  );
  return rows.map(({ at, actor, action, detail, outcome, edited, previous, previous_file: file }) => ({
    at: at.toISOString(),
    actor,
    action,
    detail,
    outcome,
    ...(edited && { previousPayload: masked(previous) }),
    ...(file && { previousPayloadFile: { bytes: file.bytes, sha256: file.sha256 } }),
  }));
}

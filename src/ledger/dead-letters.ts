/** Dead letters: their groups by error, what may be done to one of them, and what was. */
import {
  type AuditedChange,
  cutPage,
  type DeadFilter,
  type DeadGroup,
  invalidCursor,
  type JobState,
  type Json,
  type Page,
  type PageRequest,
  type PayloadFile,
  type PayloadFiles,
  type Queryable,
  splitQueuePath,
} from '../contract/index.ts';
import type { Database } from './database.ts';
import { defaultPage, largestPage } from './list-jobs.ts';
import { newPayload } from './payloads.ts';

interface GroupRow {
  fingerprint: string;
  type: string;
  queue: string;
  count: string;
  first_at: Date;
  last_at: Date;
  cursor: string;
  sample_id: string;
  message: string | null;
}

/** Groups by the time of their last death, the newest first. Reads as many rows as it answers, however many are dead. */
export async function readDeadGroups(
  database: Queryable,
  { type, lane, queue, since }: DeadFilter,
  page: PageRequest,
): Promise<Page<DeadGroup>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  await database.query('select twolane.roll_up_dead()');
  const { rows } = await database.query<GroupRow>(
    `select g.*, extract(epoch from g.last_at)::text || '~' || g.fingerprint || '~' || g.queue as cursor,
       s.id as sample_id, s.message
     from (
       select * from twolane.dead_groups where count > 0
         and ($1::text is null or type = $1) and ($2::text is null or starts_with(queue, $2 || '/'))
         and ($3::text is null or split_part(queue, '/', 2) = $3) and ($4::timestamptz is null or last_at >= $4)
         and ($5::float8 is null or (last_at, fingerprint, queue) < (to_timestamp($5), $6, $7))
       order by last_at desc, fingerprint desc, queue desc limit $8
     ) g cross join lateral (
       select d.id, d.error ->> 'message' as message from twolane.dead d
       where d.fingerprint = g.fingerprint and d.queue = g.queue order by d.id desc limit 1
     ) s order by g.last_at desc, g.fingerprint desc, g.queue desc`,
    [type ?? null, lane ?? null, queue ?? null, since ?? null, ...fromCursor(page.cursor), limit + 1],
  );
  const { items, nextCursor } = cutPage(rows, limit, (row) => row.cursor);
  return { items: items.map(toGroup), nextCursor };
}

function fromCursor(cursor: string | undefined): (string | null)[] {
  if (cursor === undefined) return [null, null, null];
  const found = /^(\d+(?:\.\d+)?)~([^~]+)~([^~]+)$/.exec(cursor);
  if (!found) throw invalidCursor();
  return found.slice(1, 4) as string[];
}

function toGroup(row: GroupRow): DeadGroup {
  return {
    fingerprint: row.fingerprint,
    type: row.type,
    ...splitQueuePath(row.queue),
    count: Number(row.count),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    sampleId: row.sample_id,
    message: row.message ?? '',
  };
}

/** Puts one back, or runs a scheduled job now. Undefined when it is neither. */
export async function retryJob(
  database: Database,
  payloads: PayloadFiles,
  id: string,
  { payload, version, auditId }: { payload?: Json; version?: number; auditId?: string },
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
export async function discardJob(database: Database, id: string, undoMs: number): Promise<boolean> {
  return moved(database, 'select twolane.discard($1, $2) as ids', [`{${id}}`, undoMs]);
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
    ...(edited && { previousPayload: previous }),
    ...(file && { previousPayloadFile: { bytes: file.bytes, sha256: file.sha256 } }),
  }));
}

/** What every change of a schedule is made of; each runs in a transaction of its caller. */
import { isDeepStrictEqual } from 'node:util';
import { type Queryable, type ScheduleDefinition, TwolaneError } from '../../contract/index.ts';
import { type Cursor, cursorAfterEdit, cursorFrom } from './plan.ts';
import { cursorOf, type ScheduleRow, scheduleColumns } from './rows.ts';

interface NewSchedule {
  name: string;
  definition: ScheduleDefinition;
  enabled: boolean;
  cursor: Cursor;
  edited: boolean;
  actor: string;
}

/** False when there is one of this name already. */
export async function insertSchedule(tx: Queryable, schedule: NewSchedule): Promise<boolean> {
  const { name, definition, enabled, cursor, edited, actor } = schedule;
  const { rowCount } = await tx.query(
    `insert into twolane.schedules (name, type, definition, enabled, next_at, edited, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [name, definition.type, JSON.stringify(definition), enabled, cursor.nextAt, edited, actor],
  );
  return rowCount === 1;
}

interface Written {
  definition: ScheduleDefinition;
  enabled: boolean;
  edited: boolean;
  actor: string;
}

/** Replaces a locked row's definition. Other times count from now on; a slot that is due already stays. */
export async function writeDefinition(tx: Queryable, row: ScheduleRow, written: Written): Promise<void> {
  const { definition, enabled, edited, actor } = written;
  const begins = enabled && !row.enabled;
  const cursor = begins
    ? cursorFrom(definition, row.last_slot, row.now)
    : cursorAfterEdit(definition, cursorOf(row), row.now);
  await tx.query(
    `update twolane.schedules set type = $2, definition = $3, enabled = $4, next_at = $5, edited = $6, updated_by = $7,
       updated_at = now(), problem = null, retry_at = null where name = $1`,
    [row.name, definition.type, JSON.stringify(definition), enabled, cursor.nextAt, edited, actor],
  );
}

/** Which of the schedules have a job under way. */
export async function underWay(tx: Queryable, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ name: string }>('select name from twolane.schedules_under_way($1) name', [names]);
  return new Set(rows.map((row) => row.name));
}

/** @throws TwolaneError `not_found` */
export async function lockSchedule(tx: Queryable, name: string): Promise<ScheduleRow> {
  const { rows } = await tx.query<ScheduleRow>(
    `select ${scheduleColumns} from twolane.schedules s where s.name = $1 for update`,
    [name],
  );
  return found(rows[0], name);
}

/** The clock that every slot is measured by: to the millisecond, never ahead of the real one. */
export async function databaseNow(tx: Queryable): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("select date_trunc('milliseconds', clock_timestamp()) as now");
  return (rows[0] as { now: Date }).now;
}

/** jsonb keeps neither the order of names nor their spacing, so texts can't be compared. */
export function isSame(definition: ScheduleDefinition, other: ScheduleDefinition | null): boolean {
  return isDeepStrictEqual(definition, other);
}

export interface AuditLine {
  actor: string;
  action: string;
  name: string;
  detail?: object;
}

export async function audit(tx: Queryable, { actor, action, name, detail }: AuditLine): Promise<void> {
  await tx.query(`insert into twolane.audit (actor, action, target, detail, outcome) values ($1, $2, $3, $4, 'done')`, [
    actor,
    action,
    `schedule/${name}`,
    detail === undefined ? null : JSON.stringify(detail),
  ]);
}

export function found<T>(schedule: T | undefined, name: string): T {
  if (schedule === undefined) throw new TwolaneError('not_found', `There is no schedule "${name}"`);
  return schedule;
}

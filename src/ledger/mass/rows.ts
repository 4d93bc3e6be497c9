/** The rows of operations: read, written back whole by whoever holds the lock, and shown. */
import type {
  Operation,
  OperationAction,
  OperationFilter,
  OperationStage,
  OperationStatus,
  Queryable,
} from '../../contract/index.ts';
import { isoOrNull } from '../rows.ts';

export interface OperationRow {
  id: string;
  action: OperationAction;
  for_good: boolean;
  filter: OperationFilter;
  actor: string;
  status: OperationStatus;
  reason: string | null;
  stop_above: number;
  matched: number | null;
  capped: boolean;
  moved: string;
  undone: string;
  stages: OperationStage[];
  stage: number;
  cursor: string;
  exhausted: boolean;
  created_at: Date;
  waiting_since: Date | null;
  looked_at: Date;
  finished_at: Date | null;
  undoable_until: Date | null;
}

/** The last of its discarded jobs is the last that can be restored. */
export const operationColumns = `o.*, (
  select u.expires_at from twolane.discarded u where u.operation_id = o.id and u.expires_at > now() order by u.id desc limit 1
) as undoable_until`;

/** The row, locked until the end of the transaction: nobody else takes a step meanwhile. */
export async function lockOperation(tx: Queryable, id: string): Promise<OperationRow | undefined> {
  const { rows } = await tx.query<OperationRow>(
    `select ${operationColumns} from twolane.operations o where o.id = $1 for update of o`,
    [id],
  );
  return rows[0];
}

export async function saveOperation(tx: Queryable, row: OperationRow): Promise<void> {
  await tx.query(
    `update twolane.operations set status = $2, reason = $3, matched = $4, capped = $5, moved = $6, undone = $7, stages = $8,
       stage = $9, cursor = $10, exhausted = $11, waiting_since = $12, looked_at = $13, finished_at = $14
     where id = $1`,
    [
      ...[row.id, row.status, row.reason, row.matched, row.capped, row.moved, row.undone, JSON.stringify(row.stages)],
      ...[row.stage, row.cursor, row.exhausted, row.waiting_since, row.looked_at, row.finished_at],
    ],
  );
}

/** Over, for the reason given; what it watched is no longer of interest. */
export async function endOperation(
  tx: Queryable,
  row: OperationRow,
  status: OperationStatus,
  reason: string | null = null,
): Promise<void> {
  await tx.query('delete from twolane.operation_jobs where operation_id = $1', [row.id]);
  Object.assign(row, { status, reason, finished_at: new Date() });
  await saveOperation(tx, row);
  const { id, action, matched, moved, undone, filter } = row;
  const told = { id, action, status, matched, moved: Number(moved), undone: Number(undone) };
  const values = ['operation.finished', filter.tenant ?? null, JSON.stringify(told)];
  await tx.query('select twolane.tell($1, $2, $3)', values);
}

export function toOperation(row: OperationRow): Operation {
  return {
    id: row.id,
    action: row.action,
    forGood: row.for_good,
    filter: row.filter,
    actor: row.actor,
    status: row.status,
    reason: row.reason,
    stopAbove: row.stop_above,
    matched: row.matched,
    capped: row.capped,
    moved: Number(row.moved),
    undone: Number(row.undone),
    stage: row.stage,
    stages: row.stages,
    createdAt: row.created_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
    undoableUntil: isoOrNull(row.undoable_until),
  };
}

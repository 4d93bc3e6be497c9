/** One step of an operation in one transaction: a page of jobs, or a look at how those of its stage have ended. */
import { type OperationStage, type OperationStep, type Queryable, TwolaneError } from '../../contract/index.ts';
import { countFitting, findPage } from './find.ts';
import { endOperation, lockOperation, type OperationRow, saveOperation } from './rows.ts';
import { nextLookMs, over, reasonToStop, stageTarget, stepOf } from './stages.ts';

/** Jobs that one transaction moves, and rows that it looks at to find them. */
const pageSize = 500;
const pageScan = 2_000;
/** Counting what an operation will move ends there. */
export const countCap = 100_000;
const countScan = 200_000;
/** Of each page of a last stage, so many are watched. */
const sampleSize = 20;
/** Jobs named in one notice to their workers; PostgreSQL takes 8,000 bytes. */
const perNotice = 300;
/** While a stage is being moved, those moved are looked at this often, milliseconds. */
const lookEveryMs = 1_000;

/** @param undoMs how long what is discarded can be restored, milliseconds */
export async function takeStep(tx: Queryable, id: string, undoMs: number): Promise<OperationStep> {
  const row = await lockOperation(tx, id);
  switch (row?.status) {
    case 'running':
      return row.matched === null ? count(tx, row) : movePage(tx, row, undoMs);
    case 'waiting':
      return look(tx, row);
    case 'undoing':
      return undoPage(tx, row);
    default:
      return over;
  }
}

async function count(tx: Queryable, row: OperationRow): Promise<OperationStep> {
  Object.assign(row, await countFitting(tx, searchOf(row), countCap, countScan));
  await saveOperation(tx, row);
  return stepOf(0, row.matched, 'counted');
}

async function movePage(tx: Queryable, row: OperationRow, undoMs: number): Promise<OperationStep> {
  const stage = row.stages[row.stage] as OperationStage;
  if (await stoppedMeanwhile(tx, row, stage)) return over;
  const room = Math.min(pageSize, stageTarget(stage.size, row.matched ?? 0) - stage.moved);
  const found = await findPage(tx, searchOf(row), room, pageScan);
  const moved = await moves[row.action](tx, row, found.ids, undoMs);
  stage.moved += moved;
  Object.assign(row, {
    moved: String(Number(row.moved) + moved),
    cursor: found.through,
    exhausted: found.exhausted,
  });
  const stageFull = stage.moved >= stageTarget(stage.size, row.matched ?? 0);
  if (!found.exhausted && !stageFull) await saveOperation(tx, row);
  else if (row.action === 'redrive')
    await saveOperation(tx, Object.assign(row, { status: 'waiting', waiting_since: new Date() }));
  else {
    await endOperation(tx, row, 'done');
    return over;
  }
  return stepOf(Number(row.moved), row.matched, `stage ${row.stage + 1} of ${row.stages.length}, moving`);
}

/** In a long stage failures may come back while it is still being moved. */
async function stoppedMeanwhile(tx: Queryable, row: OperationRow, stage: OperationStage): Promise<boolean> {
  if (row.action !== 'redrive' || Date.now() - row.looked_at.getTime() < lookEveryMs) return false;
  await lookAtStage(tx, row, stage);
  const reason = reasonToStop(stage, row.stop_above, false);
  if (reason) await endOperation(tx, row, 'stopped', reason);
  return reason !== undefined;
}

/** Goes on when all jobs of the stage have ended well enough; stops as soon as too many have not. */
async function look(tx: Queryable, row: OperationRow): Promise<OperationStep> {
  const stage = row.stages[row.stage] as OperationStage;
  await lookAtStage(tx, row, stage);
  const reason = reasonToStop(stage, row.stop_above, true);
  const underWay = stage.watched - stage.succeeded - stage.cancelled - stage.dead;
  const last = row.exhausted || row.stage === row.stages.length - 1;
  if (reason || (underWay === 0 && last)) {
    await endOperation(tx, row, reason ? 'stopped' : 'done', reason);
    return over;
  }
  if (underWay > 0) {
    await saveOperation(tx, row);
    const waitedMs = Date.now() - (row.waiting_since ?? row.created_at).getTime();
    const note = `stage ${row.stage + 1} of ${row.stages.length}, ${underWay} under way`;
    return stepOf(Number(row.moved), row.matched, note, nextLookMs(waitedMs));
  }
  Object.assign(row, { status: 'running', stage: row.stage + 1, waiting_since: null });
  await saveOperation(tx, row);
  return stepOf(Number(row.moved), row.matched, `stage ${row.stage + 1} of ${row.stages.length}`);
}

async function lookAtStage(tx: Queryable, row: OperationRow, stage: OperationStage): Promise<void> {
  await tx.query('select twolane.look_at_redriven($1, $2)', [row.id, row.stage]);
  const { rows } = await tx.query<Pick<OperationStage, 'watched' | 'succeeded' | 'cancelled' | 'dead' | 'sameError'>>(
    `select count(*)::int as watched, count(*) filter (where outcome = 'succeeded')::int as succeeded,
       count(*) filter (where outcome = 'cancelled')::int as cancelled,
       count(*) filter (where outcome in ('same', 'other'))::int as dead,
       count(*) filter (where outcome = 'same')::int as "sameError"
     from twolane.operation_jobs where operation_id = $1 and stage = $2`,
    [row.id, row.stage],
  );
  Object.assign(stage, rows[0]);
  row.looked_at = new Date();
}

async function undoPage(tx: Queryable, row: OperationRow): Promise<OperationStep> {
  const { rows } = await tx.query<{ n: number }>(
    `select cardinality(twolane.restore(array(
       select id from twolane.discarded where operation_id = $1 and expires_at > now() order by id limit $2))) as n`,
    [row.id, pageSize],
  );
  const restored = rows[0]?.n ?? 0;
  row.undone = String(Number(row.undone) + restored);
  if (restored === 0) {
    await endOperation(tx, row, 'undone', row.reason);
    return over;
  }
  await saveOperation(tx, row);
  return stepOf(Number(row.undone), Number(row.moved), 'bringing discarded jobs back');
}

type Move = (tx: Queryable, row: OperationRow, ids: readonly string[], undoMs: number) => Promise<number>;

/** How each action moves a page; answers how many jobs it still found as they were. */
const moves: Readonly<Record<OperationRow['action'], Move>> = {
  async redrive(tx, row, ids) {
    const prints = await tx.query<{ id: string; fingerprint: string }>(
      'select id, fingerprint from twolane.dead where id = any($1)',
      [list(ids)],
    );
    const revived = new Set(await idsOf(tx, 'select twolane.revive($1) as ids', [list(ids)]));
    const watched = prints.rows.filter(({ id }) => revived.has(id)).slice(0, isSampled(row) ? sampleSize : undefined);
    await tx.query(
      `insert into twolane.operation_jobs (operation_id, stage, id, fingerprint)
       select $1, $2, id, fingerprint from unnest($3::bigint[], $4::text[]) w(id, fingerprint) on conflict do nothing`,
      [row.id, row.stage, list(watched.map(({ id }) => id)), watched.map(({ fingerprint }) => fingerprint)],
    );
    return revived.size;
  },
  async discard(tx, row, ids, undoMs) {
    const [sql, values] = row.for_good
      ? ['select twolane.discard_for_good($1, $2) as ids', [list(ids), row.id]]
      : ['select twolane.discard($1, $2, $3) as ids', [list(ids), undoMs, row.id]];
    return (await idsOf(tx, sql as string, values as unknown[])).length;
  },
  async cancel(tx, row, ids) {
    const { rows } = await tx.query<{ id: string; state: string }>('select id, state from twolane.cancel($1, $2)', [
      list(ids),
      `cancelled by operation ${row.id}`,
    ]);
    const running = rows.filter(({ state }) => state === 'running').map(({ id }) => id);
    for (let from = 0; from < running.length; from += perNotice)
      await tx.query("select pg_notify('twolane.cancel', $1)", [running.slice(from, from + perNotice).join(',')]);
    return rows.length;
  },
};

function isSampled({ stages, stage }: OperationRow): boolean {
  return stages[stage]?.size === 'all';
}

async function idsOf(tx: Queryable, sql: string, values: unknown[]): Promise<string[]> {
  const { rows } = await tx.query<{ ids: string[] }>(sql, values);
  if (!rows[0]) throw new TwolaneError('no_answer', 'PostgreSQL answered nothing');
  return rows[0].ids;
}

function list(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

function searchOf({ id, action, filter, cursor, created_at }: OperationRow) {
  return { action, filter, after: cursor, before: id, diedBy: created_at };
}

/**
 * Enqueues what is due. Any number of schedulers may do it at once: a due schedule is locked by one of them, and its jobs,
 * its settled slots and its next slot commit together. All of it goes by the database's clock.
 */
import {
  type Catalog,
  type EnqueueItem,
  type Enqueuer,
  type JobDefinition,
  type Logger,
  OverloadedError,
  type Queryable,
} from '../../contract/index.ts';
import type { Database } from '../database.ts';
import { type Due, takeDue } from './plan.ts';
import { keptCondition, type ScheduleRow, scheduleColumns } from './rows.ts';
import { underWay } from './write.ts';

export interface FireParts {
  database: Database;
  enqueuer: Enqueuer;
  catalog: Catalog;
  logger: Logger;
}

/** Schedules in one transaction. */
const most = 100;

/** Serves every schedule that is due and whose job type is known here. */
export async function fireDue(parts: FireParts): Promise<void> {
  for (let served = most; served === most; ) {
    served = await fireBatch(parts).catch((error) => {
      if (error instanceof OverloadedError) throw error;
      return fireSingly(parts);
    });
  }
}

/** One of a batch can't be enqueued: the others must not wait for it. */
async function fireSingly(parts: FireParts): Promise<number> {
  const { rows } = await parts.database.query<{ name: string }>(
    `select s.name from twolane.schedules s where ${dueCondition} order by s.next_at limit ${most}`,
    [Object.keys(parts.catalog)],
  );
  for (const { name } of rows) {
    await fireBatch(parts, name).catch(async (error: Error) => {
      if (error instanceof OverloadedError) throw error;
      parts.logger.error(
        { schedule: name, error },
        'The job of a schedule could not be enqueued; trying again in 10 s',
      );
      await parts.database.query(
        "update twolane.schedules set problem = $2, retry_at = now() + interval '10 seconds' where name = $1",
        [name, error.message.slice(0, 1_000)],
      );
    });
  }
  return rows.length;
}

const dueCondition = `s.enabled and s.next_at <= clock_timestamp() and s.type = any($1) and ${keptCondition}
  and (s.retry_at is null or s.retry_at <= now())`;

/** Answers how many schedules it served. */
function fireBatch({ database, enqueuer, catalog }: FireParts, only: string | null = null): Promise<number> {
  return database.transaction(async (tx) => {
    const { rows } = await tx.query<ScheduleRow>(
      `select ${scheduleColumns} from twolane.schedules s where ${dueCondition} and ($2::text is null or s.name = $2)
       order by s.next_at limit ${most} for update skip locked`,
      [Object.keys(catalog), only],
    );
    if (rows.length === 0) return 0;
    const plans = rows.map((row) => ({ row, due: takeDue(row.definition, row.next_at as Date, row.now) }));
    const runs = await settleSlots(tx, plans);
    const jobs = await enqueuer.enqueueIn(
      tx,
      runs.map((run) => itemOf(catalog, run)),
    );
    await tx.query(
      `update twolane.schedule_runs r set job_id = x.job from unnest($1::bigint[], $2::bigint[]) x(id, job) where r.id = x.id`,
      [runs.map((run) => run.id), jobs.map((job) => job.id)],
    );
    await moveOn(tx, plans);
    return rows.length;
  });
}

interface Plan {
  row: ScheduleRow;
  due: Due;
}

/** A slot that runs, and the id of its line. */
interface SlotRun {
  id: string;
  row: ScheduleRow;
  slot: Date;
}

/** Writes down what becomes of every due slot. Answers those that run; a slot that was settled before is not among them. */
async function settleSlots(tx: Queryable, plans: readonly Plan[]): Promise<SlotRun[]> {
  const careful = plans.filter(({ row }) => row.definition.overlap === 'skip').map(({ row }) => row.name);
  const busy = careful.length > 0 ? await underWay(tx, careful) : new Set<string>();
  const lines = plans.flatMap(({ row, due }) => [
    ...(due.missed ? [{ schedule: row.name, outcome: 'missed', ...due.missed }] : []),
    ...due.slots.map((slot, index) => {
      const held = row.definition.overlap === 'skip' && (index > 0 || busy.has(row.name));
      return { schedule: row.name, outcome: held ? 'overlap' : 'run', slot, through: null };
    }),
  ]);
  const { rows } = await tx.query<{ id: string; schedule: string; slot: Date }>(
    `with settled as (
       insert into twolane.schedule_runs (schedule, outcome, slot, through)
         select schedule, outcome, slot, through
         from json_to_recordset($1) as x(schedule text, outcome text, slot timestamptz, through timestamptz)
         on conflict do nothing returning id, schedule, slot, outcome
     )
     select id, schedule, slot from settled where outcome = 'run' order by slot, id`,
    [JSON.stringify(lines)],
  );
  const byName = new Map(plans.map(({ row }) => [row.name, row]));
  return rows.map(({ id, schedule, slot }) => ({ id, slot, row: byName.get(schedule) as ScheduleRow }));
}

function itemOf(catalog: Catalog, { row, slot }: SlotRun): EnqueueItem {
  const { type, payload, options, jitterMs } = row.definition;
  const metadata = { schedule: row.name, slot: slot.toISOString() };
  const runAt = jitterMs > 0 ? new Date(slot.getTime() + Math.floor(Math.random() * jitterMs)) : undefined;
  return { job: catalog[type] as JobDefinition, payload, options: { ...options, metadata, ...(runAt && { runAt }) } };
}

async function moveOn(tx: Queryable, plans: readonly Plan[]): Promise<void> {
  const lines = plans.map(({ row, due }) => ({ name: row.name, next: due.cursor.nextAt, last: due.cursor.lastSlot }));
  await tx.query(
    `update twolane.schedules s set next_at = x.next, last_slot = x.last, problem = null, retry_at = null
     from json_to_recordset($1) as x(name text, next timestamptz, last timestamptz) where s.name = x.name`,
    [JSON.stringify(lines)],
  );
}

/** Schedules as operators and the API change them. Every change is written together with its line in the audit. */
import {
  type Catalog,
  ConflictError,
  type Enqueuer,
  type JobDefinition,
  type Queryable,
  type ScheduleDefinition,
  type Schedules,
} from '../../contract/index.ts';
import type { Database } from '../database.ts';
import { checkSchedule } from './check.ts';
import { cursorFrom } from './plan.ts';
import { listSchedules, readSchedule } from './read.ts';
import { cursorOf } from './rows.ts';
import { audit, databaseNow, found, insertSchedule, isSame, lockSchedule, underWay, writeDefinition } from './write.ts';

export interface ScheduleParts {
  database: Database;
  enqueuer: Enqueuer;
  catalog: Catalog;
}

export function createSchedules(parts: ScheduleParts): Schedules {
  const { database } = parts;
  const get = (name: string) => readSchedule(parts, name);
  const switched = async (name: string, enabled: boolean, actor: string) => {
    await database.transaction((tx) => setEnabled(tx, name, enabled, actor));
    return found(await get(name), name);
  };
  return {
    list: (page) => listSchedules(parts, page),
    get,
    async put(name, definition, change) {
      const created = await database.transaction((tx) => put(tx, parts, { name, definition, ...change }));
      return { schedule: found(await get(name), name), created };
    },
    remove: (name, { actor }) => database.transaction((tx) => remove(tx, name, actor)),
    run: (name, { actor }) => runNow(parts, name, actor),
    pause: (name, { actor }) => switched(name, false, actor),
    resume: (name, { actor }) => switched(name, true, actor),
  };
}

interface Put {
  name: string;
  definition: ScheduleDefinition;
  enabled?: boolean | undefined;
  actor: string;
  tenant?: string | undefined;
}

/** Answers whether the schedule is new. */
async function put(tx: Queryable, { catalog }: ScheduleParts, wanted: Put): Promise<boolean> {
  const { name, definition, actor } = wanted;
  const now = await databaseNow(tx);
  checkSchedule(catalog, definition, now);
  const cursor = cursorFrom(definition, null, now);
  const created = await insertSchedule(tx, { ...wanted, enabled: wanted.enabled ?? true, cursor, edited: true });
  if (created) {
    await audit(tx, { actor, action: 'set-schedule', name, detail: { to: definition } });
    return true;
  }
  const row = await lockSchedule(tx, name);
  if (wanted.tenant !== undefined && row.definition.options.tenant !== wanted.tenant)
    throw new ConflictError('name_taken', `There is another schedule "${name}". Give yours another name`);
  const enabled = wanted.enabled ?? row.enabled;
  await writeDefinition(tx, row, { definition, enabled, edited: !isSame(definition, row.declared), actor });
  await audit(tx, { actor, action: 'set-schedule', name, detail: { from: row.definition, to: definition, enabled } });
  return false;
}

async function remove(tx: Queryable, name: string, actor: string): Promise<void> {
  const row = await lockSchedule(tx, name);
  if (row.declared !== null && row.kept)
    throw new ConflictError(
      'declared_in_code',
      `Schedule ${name} is declared in code and would come back with the next start. Pause it, or take it out of the code first`,
    );
  await tx.query('delete from twolane.schedules where name = $1', [name]);
  await audit(tx, { actor, action: 'delete-schedule', name, detail: { from: row.definition } });
}

async function setEnabled(tx: Queryable, name: string, enabled: boolean, actor: string): Promise<void> {
  const row = await lockSchedule(tx, name);
  if (row.enabled !== enabled) {
    const { nextAt } = enabled ? cursorFrom(row.definition, row.last_slot, row.now) : cursorOf(row);
    await tx.query(
      `update twolane.schedules set enabled = $2, next_at = $3, problem = null, retry_at = null, updated_by = $4,
         updated_at = now() where name = $1`,
      [name, enabled, nextAt, actor],
    );
  }
  await audit(tx, { actor, action: enabled ? 'resume-schedule' : 'pause-schedule', name });
}

function runNow({ enqueuer, catalog }: ScheduleParts, name: string, actor: string) {
  return enqueuer.transaction(async (tx, enqueue) => {
    const { definition, now } = await lockSchedule(tx, name);
    checkSchedule(catalog, definition, now);
    if (definition.overlap === 'skip' && (await underWay(tx, [name])).has(name))
      throw new ConflictError(
        'still_running',
        `A job of schedule ${name} is under way, and its overlap rule is "skip"`,
      );
    const metadata = { schedule: name };
    const job = catalog[definition.type] as JobDefinition;
    const enqueued = await enqueue(job, definition.payload, { ...definition.options, metadata });
    await tx.query(`insert into twolane.schedule_runs (schedule, outcome, job_id) values ($1, 'run', $2)`, [
      name,
      enqueued.id,
    ]);
    await audit(tx, { actor, action: 'run-schedule', name, detail: { jobId: enqueued.id } });
    return enqueued;
  });
}

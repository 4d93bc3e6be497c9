/**
 * Schedules that code brings along. They are written at the start of a scheduler: a new one as the code says, a changed one
 * only where no operator edited it. They run as long as a scheduler that declares them is alive.
 */
import {
  type Catalog,
  type Logger,
  type Queryable,
  type ScheduleDeclaration,
  TwolaneError,
} from '../../contract/index.ts';
import type { Database } from '../database.ts';
import { checkSchedule } from './check.ts';
import { cursorFrom } from './plan.ts';
import { audit, databaseNow, insertSchedule, isSame, lockSchedule, writeDefinition } from './write.ts';

const actor = 'code';

/** @throws TwolaneError `invalid_definition` naming the first schedule that can't work, or one that is declared twice */
export function checkDeclarations(catalog: Catalog, schedules: readonly ScheduleDeclaration[]): void {
  const names = new Set<string>();
  for (const { name, definition } of schedules) {
    if (names.has(name)) throw new TwolaneError('invalid_definition', `Schedule "${name}" is declared twice`);
    names.add(name);
    try {
      checkSchedule(catalog, definition, new Date());
    } catch (error) {
      throw new TwolaneError('invalid_definition', `Schedule "${name}": ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Brings the table in line with the code, as far as no operator has spoken. */
export async function declareSchedules(
  { database, logger }: { database: Database; logger: Logger },
  schedules: readonly ScheduleDeclaration[],
): Promise<void> {
  for (const declaration of schedules) {
    const changed = await database.transaction((tx) => declare(tx, declaration));
    if (changed) logger.info({ schedule: declaration.name }, `Schedule ${changed} as its code says`);
  }
}

async function declare(tx: Queryable, { name, enabled, definition }: ScheduleDeclaration): Promise<string | undefined> {
  const cursor = cursorFrom(definition, null, await databaseNow(tx));
  const created = await insertSchedule(tx, { name, definition, enabled, cursor, edited: false, actor });
  const row = await lockSchedule(tx, name);
  const spokenFor = row.edited && !isSame(row.definition, definition);
  const changed = !created && !spokenFor && !isSame(row.definition, definition);
  if (changed) await writeDefinition(tx, row, { definition, enabled: row.enabled, edited: false, actor });
  await tx.query(
    'update twolane.schedules set declared = $2, declared_at = clock_timestamp(), edited = $3 where name = $1',
    [name, JSON.stringify(definition), spokenFor],
  );
  if (!created && !changed) return undefined;
  await audit(tx, {
    actor,
    action: 'set-schedule',
    name,
    detail: { ...(changed && { from: row.definition }), to: definition },
  });
  return created ? 'made' : 'changed';
}

/** Says that the code of these schedules still runs somewhere. */
export async function keepDeclared(tx: Queryable, schedules: readonly ScheduleDeclaration[]): Promise<void> {
  if (schedules.length === 0) return;
  await tx.query(
    'update twolane.schedules set declared_at = clock_timestamp() where name = any($1) and declared is not null',
    [schedules.map(({ name }) => name)],
  );
}

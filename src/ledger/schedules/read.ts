/** Reads schedules as operators see them. */
import { cutPage, type Page, type PageRequest, type Schedule } from '../../contract/index.ts';
import { defaultPage, largestPage } from '../list-jobs.ts';
import { type ShownRow, shownColumns, shownTables, toSchedule } from './rows.ts';
import type { ScheduleParts } from './schedules.ts';

export async function readSchedule({ database, catalog }: ScheduleParts, name: string): Promise<Schedule | undefined> {
  const { rows } = await database.query<ShownRow>(`select ${shownColumns} from ${shownTables} where s.name = $1`, [
    name,
  ]);
  return rows[0] && toSchedule(rows[0], catalog);
}

export async function listSchedules(
  { database, catalog }: ScheduleParts,
  page: PageRequest & { tenant?: string },
): Promise<Page<Schedule>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  const { rows } = await database.query<ShownRow>(
    `select ${shownColumns} from ${shownTables} where s.name > $1
       and ($2::text is null or s.definition #>> '{options,tenant}' = $2) order by s.name limit ${limit + 1}`,
    [page.cursor ?? '', page.tenant ?? null],
  );
  const found = rows.map((row) => toSchedule(row, catalog));
  return cutPage(found, limit, ({ name }) => name);
}

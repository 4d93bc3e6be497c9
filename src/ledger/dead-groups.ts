/** Dead jobs grouped by what killed them. */
import type { DeadFilter, DeadGroup, Page, PageRequest, Queryable } from '../contract/index.ts';
import { cutPage, invalidCursor, splitQueuePath } from '../contract/index.ts';
import { defaultPage, largestPage } from './list-jobs.ts';

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

const everyone = 'select * from twolane.dead_groups where count > 0';
/** Groups are counted for all tenants together; those of one are counted anew, among the youngest of the dead. */
const oneTenants = `
  select d.fingerprint, d.queue, d.type, count(*), min(d.died_at) as first_at, max(d.died_at) as last_at, max(d.id) as sample_id
  from (select * from twolane.dead order by id desc limit 50000) d join twolane.jobs j on j.id = d.id
  where j.tenant = $9::text group by 1, 2, 3`;

/** Groups by the time of their last death, the newest first. Reads a bounded number of rows, however many are dead. */
export async function readDeadGroups(
  database: Queryable,
  { type, lane, queue, tenant, since }: DeadFilter,
  page: PageRequest,
): Promise<Page<DeadGroup>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  await database.query('select twolane.roll_up_dead()');
  const { rows } = await database.query<GroupRow>(
    `select g.*, extract(epoch from g.last_at)::text || '~' || g.fingerprint || '~' || g.queue as cursor,
       s.id as sample_id, s.error ->> 'message' as message
     from (
       select * from (${tenant === undefined ? everyone : oneTenants}) all_groups
       where ($1::text is null or type = $1) and ($2::text is null or starts_with(queue, $2 || '/'))
         and ($3::text is null or split_part(queue, '/', 2) = $3) and ($4::timestamptz is null or last_at >= $4)
         and ($5::float8 is null or (last_at, fingerprint, queue) < (to_timestamp($5), $6, $7))
       order by last_at desc, fingerprint desc, queue desc limit $8
     ) g join lateral (
       select d.id, d.error from twolane.dead d
       where ${tenant === undefined ? 'd.fingerprint = g.fingerprint and d.queue = g.queue' : 'd.id = g.sample_id'}
       order by d.id desc limit 1
     ) s on true order by g.last_at desc, g.fingerprint desc, g.queue desc`,
    [
      ...[type ?? null, lane ?? null, queue ?? null, since ?? null, ...fromCursor(page.cursor), limit + 1],
      ...(tenant === undefined ? [] : [tenant]),
    ],
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

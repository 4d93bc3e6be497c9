/** Lists of jobs: filters that an index serves, newest first, keyset pages. */
import type {
  JobFilter,
  JobState,
  JobSummary,
  OperationFilter,
  Page,
  PageRequest,
  Queryable,
} from '../contract/index.ts';
import { cutPage, idCursor, queuePath } from '../contract/index.ts';
import { isShown, type JobRow, jobColumns, jobTables, toSummary } from './rows.ts';

export const defaultPage = 50;
export const largestPage = 500;

/** What narrows the scan for a state before the state itself is looked at. */
const byState: Record<JobState, string> = {
  blocked: "l.state = 'blocked'",
  scheduled: "l.due_at is not null and l.state = 'scheduled'",
  waiting: "l.state = 'waiting'",
  queued: "l.dispatched_at is not null and l.state = 'queued'",
  running: "l.dispatched_at is not null and l.state = 'running'",
  succeeded: "d.state = 'succeeded'",
  cancelled: "d.state = 'cancelled'",
  dead: 'x.id is not null',
};

/** @throws TwolaneError `invalid_cursor` */
export async function listJobs(database: Queryable, filter: JobFilter, page: PageRequest): Promise<Page<JobSummary>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  const { conditions, values } = toConditions(filter, page.cursor);
  // Nothing below is to be shown, so that no page has to step over it.
  if (filter.type)
    conditions.push(`j.id >= coalesce((select r.forgotten_below from twolane.type_retention r
      where r.type = $${values.push(filter.type)}), 0)`);
  const where = `where ${[isShown, ...conditions].join(' and ')}`;
  const { rows } = await database.query<JobRow>(
    `select ${jobColumns} from ${jobTables} ${where} order by j.id desc limit ${limit + 1}`,
    values,
  );
  return cutPage(rows.map(toSummary), limit, ({ id }) => id);
}

/** SQL over the tables of `jobTables`, with the values of its parameters from `$1` on. */
export function toConditions(
  filter: JobFilter & Pick<OperationFilter, 'ids'>,
  cursor?: string,
): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  if (filter.ids) add('j.id = any(?::bigint[])', `{${filter.ids.join(',')}}`);
  if (filter.state) conditions.push(byState[filter.state]);
  if (filter.type) add('j.type = ?', filter.type);
  if (filter.lane && filter.queue) add('j.queue = ?', queuePath(filter.lane, filter.queue));
  else if (filter.lane) add("starts_with(j.queue, ? || '/')", filter.lane);
  else if (filter.queue) add("split_part(j.queue, '/', 2) = ?", filter.queue);
  if (filter.key) add('j.key = ?', filter.key);
  if (filter.tenant) add('j.tenant = ?', filter.tenant);
  if (filter.owner) add('j.owner = ?', filter.owner);
  if (filter.schedule)
    add('j.id in (select r.job_id from twolane.schedule_runs r where r.schedule = ?)', filter.schedule);
  if (filter.error) add("starts_with(lower(x.error ->> 'message'), lower(?))", filter.error);
  if (filter.code) add("x.error ->> 'code' = ?", filter.code);
  if (filter.fingerprint) add('x.fingerprint = ?', filter.fingerprint);
  if (filter.payload) add('j.payload @> ?::jsonb', JSON.stringify(filter.payload));
  if (filter.since) add('j.id >= twolane.id_at(?)', filter.since);
  if (filter.until) add('j.id < twolane.id_at(?)', filter.until);
  if (idCursor(cursor) !== undefined) add('j.id < ?', cursor);
  return { conditions, values };
}

/**
 * Lists of jobs: filters, newest first, keyset pages. Whatever the filter and however many jobs there are, a statement walks
 * one index in the order of ids, over a bounded number of rows, and looks everything else up by id.
 */
import type {
  JobFilter,
  JobState,
  JobSummary,
  OperationFilter,
  Page,
  PageRequest,
  Queryable,
} from '../contract/index.ts';
import { idCursor, queuePath } from '../contract/index.ts';
import { type Add, type Alias, driverFor, lookupsFrom, type Named, namedJobs, sourceOf } from './list-driver.ts';
import { type JobRow, namedJobsSql, toSummary } from './rows.ts';

export const defaultPage = 50;
export const largestPage = 500;

/** So many rows a page walks over: few, which is enough for nearly all; then more, and most where they lie side by side and tell all. */
const walks = { first: 1_000, second: 4_000, alone: 50_000 } as const;

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

/**
 * A page may hold fewer jobs than asked for, even none, while its `nextCursor` leads on: so far was looked.
 * @throws TwolaneError `invalid_cursor`
 */
export async function listJobs(database: Queryable, filter: JobFilter, page: PageRequest): Promise<Page<JobSummary>> {
  const limit = Math.min(page.limit ?? defaultPage, largestPage);
  const cursor = idCursor(page.cursor);
  const named = await namedJobs(database, filter, (id, add) => rangeOf(filter, cursor, id, add));
  const statement = named ? amongNamed(named, filter, limit) : along(database, filter, cursor, limit);
  const near = await walk(database, statement, limit, walks.first);
  if (named || near.nextCursor === null || near.items.length === limit) return near;
  return walk(database, statement, limit, statement.alone ? walks.alone : walks.second);
}

interface Statement {
  /** Whether the rows that are walked over lie side by side, and all is known from them. */
  alone: boolean;
  values: unknown[];
  /** SQL for the ids of the jobs that fit among so many rows. */
  found(rows: number): string;
  /** The id of the last of so many rows; null when there are no more. */
  end(rows: number): Promise<string | null>;
}

async function walk(database: Queryable, statement: Statement, limit: number, rows: number): Promise<Page<JobSummary>> {
  const { rows: found } = await database.query<{ id: string }>(statement.found(rows), statement.values);
  const ids = found.slice(0, limit).map(({ id }) => id);
  const items = ids.length === 0 ? [] : await readNamed(database, ids);
  if (found.length > limit) return { items, nextCursor: ids.at(-1) ?? null };
  return { items, nextCursor: await statement.end(rows) };
}

async function readNamed(database: Queryable, ids: readonly string[]): Promise<JobSummary[]> {
  const { rows } = await database.query<JobRow>(namedJobsSql, [`{${ids.join(',')}}`]);
  return rows.map(toSummary);
}

/** Down an index. */
function along(database: Queryable, filter: JobFilter, cursor: string | undefined, limit: number): Statement {
  const values: unknown[] = [];
  const add: Add = (value) => `$${values.push(value)}`;
  const driver = driverFor(filter, add);
  const { alias } = driver;
  const range = rangeOf(filter, cursor, `${alias}.id`, add);
  const ofSource = [...values];
  const { conditions } = toConditions(withoutTimes(filter), values);
  return {
    alone: alias === 'j' && driver.lookups.length === 0 && conditions.every((each) => names(each, 'j')),
    values,
    found: (
      rows,
    ) => `select ${alias}.id from ${sourceOf(driver, range, '*', rows)} ${alias} ${lookupsFrom(alias, wantedBy(conditions))}
      where ${[...conditions, isShown].join(' and ')} order by ${alias}.id desc limit ${limit + 1}`,
    async end(rows) {
      const text = `select min(id)::text as id, count(*)::int as n from ${sourceOf(driver, range, 'id', rows)} walked`;
      const { rows: found } = await database.query<{ id: string | null; n: number }>(text, ofSource);
      return found[0]?.n === rows ? found[0].id : null;
    },
  };
}

/** Among those that are known by their ids. */
function amongNamed({ ids, through }: Named, filter: JobFilter, limit: number): Statement {
  const values: unknown[] = [`{${ids.join(',')}}`];
  const { schedule: _schedule, ...others } = withoutTimes(filter);
  const { conditions } = toConditions(others, values);
  const text = `select j.id from (select id from unnest($1::bigint[]) id order by id desc) i
    cross join lateral (select * from twolane.jobs r where r.id = i.id limit 1) j ${lookupsFrom('j', wantedBy(conditions))}
    where ${[...conditions, isShown].join(' and ')} order by j.id desc limit ${limit + 1}`;
  return { alone: false, values, found: () => text, end: async () => through };
}

/** Of those that fit, the few that a page takes. */
const isShown = 'twolane.is_shown(j.id, j.type)';

const aliases: readonly Alias[] = ['j', 'l', 'd', 'x'];

const names = (condition: string, alias: Alias) => new RegExp(`\\b${alias}\\.`).test(condition);

const wantedBy = (conditions: readonly string[]) =>
  aliases.filter((one) => one === 'j' || conditions.some((condition) => names(condition, one)));

/** Times are in the range of ids already. */
const withoutTimes = ({ since: _since, until: _until, ...others }: JobFilter): JobFilter => others;

/** Between which ids one looks. Nothing below what its type has forgotten, so that no page has to step over it. */
function rangeOf({ since, until, type }: JobFilter, cursor: string | undefined, id: string, add: Add): string[] {
  const forgotten = 'select r.forgotten_below from twolane.type_retention r where r.type';
  return [
    ...(since ? [`${id} >= twolane.id_at(${add(since)})`] : []),
    ...(until ? [`${id} < twolane.id_at(${add(until)})`] : []),
    ...(cursor ? [`${id} < ${add(cursor)}`] : []),
    ...(type ? [`${id} >= coalesce((${forgotten} = ${add(type)}), 0)`] : []),
  ];
}

/** SQL over the tables of `jobTables`; the values of its parameters are added to those given. */
export function toConditions(
  filter: JobFilter & Pick<OperationFilter, 'ids'>,
  values: unknown[] = [],
): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = [];
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
  return { conditions, values };
}

/** Which index a list walks down, so that what it looks at stays bounded: the one that leaves least of what does not fit. */
import { isFinal, type JobFilter, type Queryable, queuePath } from '../contract/index.ts';

/** The tables of `jobTables` by their aliases. */
const tables = { j: 'twolane.jobs', l: 'twolane.live', d: 'twolane.done', x: 'twolane.dead' } as const;
export type Alias = keyof typeof tables;

/** Writes a value as a parameter of the statement. */
export type Add = (value: unknown) => string;

export interface Driver {
  alias: Alias;
  /** What of the filter its index answers. */
  lookups: string[];
  /** By what its rows are ordered; an expression where no index may give the order. */
  order: string;
}

/** Pure, but for the parameters that it adds. */
export function driverFor(filter: JobFilter, add: Add): Driver {
  const { state } = filter;
  if (state === 'dead' || filter.error || filter.code || filter.fingerprint) return plain('x', ofDead(filter, add));
  if (state && !isFinal(state)) return ofLive(filter, add);
  if (!state || filter.key || filter.owner || filter.tenant || filter.payload) return plain('j', ofJobs(filter, add));
  return plain('d', filter.type ? [`d.state = ${add(state)}`, `d.type = ${add(filter.type)}`] : []);
}

const plain = (alias: Alias, lookups: string[]): Driver => ({ alias, lookups, order: `${alias}.id` });

function ofDead(filter: JobFilter, add: Add): string[] {
  if (filter.fingerprint) return [`x.fingerprint = ${add(filter.fingerprint)}`];
  if (filter.type) return [`x.type = ${add(filter.type)}`];
  if (filter.lane && filter.queue) return [`x.queue = ${add(queuePath(filter.lane, filter.queue))}`];
  return [];
}

/** Of those that wait there may be any number; those that were handed out are few, and somewhere among them. */
function ofLive({ key, state }: JobFilter, add: Add): Driver {
  if (key) return plain('l', [`l.key = ${add(key)}`]);
  if (state !== 'running' && state !== 'queued') return plain('l', []);
  return { alias: 'l', lookups: ['l.dispatched_at is not null'], order: 'l.id + 0' };
}

function ofJobs({ key, owner, tenant, type }: JobFilter, add: Add): string[] {
  if (key) return [`j.key = ${add(key)}`];
  if (owner) return [`j.owner = ${add(owner)}`];
  if (tenant) return [`j.tenant = ${add(tenant)}`];
  return type ? [`j.type = ${add(type)}`] : [];
}

/** The rows that a list looks at: of one table and at most so many, the newest first. */
export function sourceOf(
  { alias, lookups, order }: Driver,
  range: readonly string[],
  columns: string,
  most: number,
): string {
  const where = [...lookups, ...range];
  return `(select ${columns} from ${tables[alias]} ${alias} ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
    order by ${order} desc limit ${most})`;
}

/** The other tables, looked up by the id of that one: `limit` keeps the planner from reading them as a whole. */
export function lookupsFrom(alias: Alias, wanted: readonly Alias[]): string {
  return wanted
    .filter((other) => other !== alias)
    .map((other) => {
      const kind = other === 'j' ? 'join' : 'left join';
      return `${kind} lateral (select * from ${tables[other]} r where r.id = ${alias}.id limit 1) ${other} on true`;
    })
    .join('\n');
}

/** Beyond so many, the jobs that fit are found sooner by walking. */
const few = 2_000;

/** Ids from an index that does not give them in their order. */
export interface Named {
  ids: string[];
  /** All that fit are below it or among the ids; null when they are all there. */
  through: string | null;
}

type RangeOf = (id: string, add: Add) => string[];

/**
 * The ids of the jobs of a schedule; or of all that have these fields in their payload or begin their error so, if they
 * are few. Undefined: walk.
 */
export async function namedJobs(database: Queryable, filter: JobFilter, rangeOf: RangeOf): Promise<Named | undefined> {
  const { payload, error, schedule } = filter;
  if (!payload && !error && !schedule) return undefined;
  const values: unknown[] = [];
  const add = (value: unknown) => `$${values.push(value)}`;
  const { rows } = await database.query<{ id: string }>(`${searchFor(filter, rangeOf, add)} limit ${few + 1}`, values);
  const ids = rows.map(({ id }) => id);
  if (ids.length <= few) return { ids, through: null };
  return schedule ? { ids: ids.slice(0, few), through: ids[few - 1] ?? null } : undefined;
}

function searchFor({ payload, error, schedule }: JobFilter, rangeOf: RangeOf, add: Add): string {
  const where = (condition: string, id: string) => `where ${[condition, ...rangeOf(id, add)].join(' and ')}`;
  if (schedule) {
    const condition = `schedule = ${add(schedule)} and outcome = 'run'`;
    return `select job_id as id from twolane.schedule_runs ${where(condition, 'job_id')} order by twolane.schedule_runs.id desc`;
  }
  if (payload) return `select id from twolane.jobs ${where(`payload @> ${add(JSON.stringify(payload))}::jsonb`, 'id')}`;
  return `select id from twolane.dead ${where(beginsWith(error ?? '', add), 'id')}`;
}

/** As the index of `dead` has it. */
const indexedLength = 200;
const lastCharacter = '\u{10FFFF}';

function beginsWith(error: string, add: Add): string {
  const begin = add(error.slice(0, indexedLength));
  const message = `lower(left(error ->> 'message', ${indexedLength}))`;
  return `${message} ~>=~ lower(${begin}) and ${message} ~<=~ (lower(${begin}) || '${lastCharacter}')`;
}

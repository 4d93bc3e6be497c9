/**
 * Finds the jobs of an operation. Whatever the filter, a statement looks at a bounded number of rows: it takes the next ones
 * of an index in the order of their ids, and asks the rest of the filter of those.
 */
import {
  type Json,
  type OperationAction,
  type OperationFilter,
  type Queryable,
  queuePath,
} from '../../contract/index.ts';
import { toConditions } from '../list-jobs.ts';

/** What is looked for: jobs with ids between `after` and `before` (both excluded), dead ones only if they died by `diedBy`. */
export interface Search {
  action: OperationAction;
  filter: OperationFilter;
  after: string;
  before: string;
  diedBy: Date;
}

export interface Found {
  ids: string[];
  /** Everything up to this id was looked at. */
  through: string;
  /** Nothing is left behind it. */
  exhausted: boolean;
}

/** The next jobs that fit, up to `most`, among the next `scan` rows. */
export async function findPage(tx: Queryable, search: Search, most: number, scan: number): Promise<Found> {
  const { text, values } = statement(search, scan);
  const { rows } = await tx.query<{ ids: string[]; last: string | null; scanned: number }>(
    `with ${text}, hits as (select id from fitting order by id limit ${most})
     select array(select id from hits order by id) as ids, (select max(id) from scanned) as last,
       (select count(*) from scanned)::int as scanned`,
    values,
  );
  const { ids = [], last = null, scanned = 0 } = rows[0] ?? {};
  const full = ids.length === most;
  return { ids, through: (full ? ids.at(-1) : last) ?? search.after, exhausted: !full && scanned < scan };
}

/** How many fit, counted up to `cap` among the next `scan` rows; `capped` when there may be more. */
export async function countFitting(
  tx: Queryable,
  search: Search,
  cap: number,
  scan: number,
): Promise<{ matched: number; capped: boolean }> {
  const { text, values } = statement(search, scan);
  const { rows } = await tx.query<{ n: number; scanned: number }>(
    `with ${text}
     select (select count(*) from (select from fitting limit ${cap + 1}) c)::int as n, (select count(*) from scanned)::int as scanned`,
    values,
  );
  const { n = 0, scanned = 0 } = rows[0] ?? {};
  return { matched: Math.min(n, cap), capped: n > cap || scanned === scan };
}

/** The two parts of the search as common tables: `scanned`, bounded, and `fitting`. */
function statement({ action, filter, after, before, diedBy }: Search, scan: number): { text: string; values: Json[] } {
  const { conditions, values } = toConditions(filter);
  const add = (value: unknown) => `$${values.push(value)}`;
  const ofDead = action !== 'cancel';
  const lookup = named(filter, add) ?? (ofDead ? indexed(filter, add) : []);
  const range = `r.id > ${add(after)} and r.id < ${add(before)}`;
  if (ofDead) conditions.push(`x.died_at <= ${add(diedBy)}`);
  const text = `
    scanned as materialized (
      select r.id from twolane.${ofDead ? 'dead' : 'live'} r where ${[range, ...lookup].join(' and ')}
      order by r.id limit ${scan}
    ), fitting as (
      select s.id from scanned s join twolane.${ofDead ? 'dead x on x' : 'live l on l'}.id = s.id
      join twolane.jobs j on j.id = s.id ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
    )`;
  return { text, values: values as Json[] };
}

/** The ids, where the jobs are named one by one: no scan at all. */
function named({ ids }: OperationFilter, add: (value: unknown) => string): string[] | undefined {
  return ids && [`r.id = any(${add(`{${ids.join(',')}}`)}::bigint[])`];
}

/** The one condition that an index of `dead` answers in the order of ids. */
function indexed(filter: OperationFilter, add: (value: unknown) => string): string[] {
  if (filter.fingerprint) return [`r.fingerprint = ${add(filter.fingerprint)}`];
  if (filter.type) return [`r.type = ${add(filter.type)}`];
  if (filter.lane && filter.queue) return [`r.queue = ${add(queuePath(filter.lane, filter.queue))}`];
  return [];
}

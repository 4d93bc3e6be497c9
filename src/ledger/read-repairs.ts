/** The log of repairs: what was not as it must be, and what was done about it. */
import {
  cutPage,
  type Page,
  type PageRequest,
  type Queryable,
  type Repair,
  splitQueuePath,
} from '../contract/index.ts';
import { defaultPage, largestPage } from './list-jobs.ts';

interface Row {
  id: string;
  at: Date;
  kind: string;
  queue: string | null;
  jobs: number;
  ids: string[];
  detail: string;
}

export async function readRepairs(database: Queryable, { limit, cursor }: PageRequest): Promise<Page<Repair>> {
  const most = Math.min(limit ?? defaultPage, largestPage);
  const { rows } = await database.query<Row>(
    `select id, at, kind, queue, jobs, ids, detail from twolane.repairs
     where $1::bigint is null or id < $1 order by id desc limit $2`,
    [cursor ?? null, most + 1],
  );
  return cutPage(rows.map(toRepair), most, ({ id }) => id);
}

export async function readRepairCounts(database: Queryable): Promise<{ kind: string; jobs: number }[]> {
  const { rows } = await database.query<{ kind: string; jobs: number }>(
    'select kind, sum(greatest(jobs, 1))::int as jobs from twolane.repairs group by kind order by kind',
  );
  return rows;
}

function toRepair({ id, at, kind, queue, jobs, ids, detail }: Row): Repair {
  const place = queue === null ? { lane: null, queue: null } : splitQueuePath(queue);
  return { id, at: at.toISOString(), kind, ...place, jobs, jobIds: ids, detail };
}

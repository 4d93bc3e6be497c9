/** The payloads of all jobs that may still run, page by page: what a new release has to be able to read. */
import type { Json, Queryable } from '../contract/index.ts';

export interface BacklogPayload {
  id: string;
  type: string;
  version: number;
  /** Null with `stored`. */
  payload: Json;
  /** The payload is in the file store. */
  stored: boolean;
}

/** How many there are. `dead`: those too that a retry could bring back. */
export async function countBacklog(database: Queryable, dead: boolean): Promise<number> {
  const { rows } = await database.query<{ jobs: string }>(
    `select (select count(*) from twolane.live) + case when $1 then (select count(*) from twolane.dead) else 0 end as jobs`,
    [dead],
  );
  return Number(rows[0]?.jobs ?? 0);
}

/** The next `limit` of them behind the id `after`, by id. */
export async function readBacklog(
  database: Queryable,
  { after, limit, dead }: { after: string; limit: number; dead: boolean },
): Promise<BacklogPayload[]> {
  const { rows } = await database.query<BacklogPayload>(
    `with ids as (
       (select id from twolane.live where id > $1 order by id limit $2)
       union all
       (select id from twolane.dead where $3 and id > $1 order by id limit $2)
       order by id limit $2)
     select j.id, j.type, j.version, j.payload, j.payload_file is not null as stored
     from ids join twolane.jobs j on j.id = ids.id order by j.id`,
    [after, limit, dead],
  );
  return rows;
}

/** Idempotency keys from the other side: the job that a key leads to, and giving a key up. Keys of jobs without a tenant. */
import type { KeyedJob, Queryable } from '../contract/index.ts';

/** Keys that lead to no job are left out. */
export async function readJobsOfKeys(database: Queryable, keys: readonly string[]): Promise<KeyedJob[]> {
  const { rows } = await database.query<KeyedJob>(
    `select key, type, id, twolane.state_of(id) as state from twolane.job_keys
     where key = any($1) and tenant = '' and kind = 'once' and expires_at > now()`,
    [keys],
  );
  return rows;
}

export async function freeKey(database: Queryable, { key, type, id }: Omit<KeyedJob, 'state'>): Promise<void> {
  await database.query(
    `delete from twolane.job_keys where key = $1 and type = $2 and tenant = '' and kind = 'once' and id = $3`,
    [key, type, id],
  );
}

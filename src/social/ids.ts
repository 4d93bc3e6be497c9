/** Ids of the product: 64-bit numbers in decimal, drawn from the platform's own generator. */
import type { Queryable } from '../contract/database.ts';

/** Draws one id; later ids are larger. */
export async function nextId(tx: Queryable, shard = 0): Promise<string> {
  const { rows } = await tx.query<{ id: string }>('select id::text from twolane.next_ids(1, $1) as id', [shard]);
  return (rows[0] as { id: string }).id;
}

/** Orders ids from the highest down. */
export function newerFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? 1 : a > b ? -1 : 0);
}

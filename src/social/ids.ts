/** Ids of the product: 64-bit numbers in decimal, drawn from the platform's own generator. */
import type { Queryable } from '../contract/database.ts';

const largest = 2n ** 63n - 1n;

/** True for what could be one of our ids; ids of another product's users may be any text. */
export function isOwnId(id: string): boolean {
  return /^\d{1,19}$/.test(id) && BigInt(id) <= largest;
}

/** Draws one id; later ids are larger. */
export async function nextId(tx: Queryable, shard = 0): Promise<string> {
  const { rows } = await tx.query<{ id: string }>('select id::text from twolane.next_ids(1, $1) as id', [shard]);
  return (rows[0] as { id: string }).id;
}

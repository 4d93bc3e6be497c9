/** Keyset pages: the query fields and the answer that every list shares. */
import { z } from 'zod';
import { isId } from '../contract/words.ts';

/** `?limit=&cursor=`: 1 to 500, default 50. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Items on one page, 1 to 500.'),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
};

/** `{items, nextCursor}`; `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** A 64-bit id in decimal. */
export const idSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/, { error: 'must be a decimal id', abort: true })
  .refine(isId, 'must be a decimal id');
export const idParams = z.object({ id: idSchema });

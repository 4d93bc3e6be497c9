/** One page of a list, and the way to the next. */
import { TwolaneError } from './errors.ts';
import { isId } from './words.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 500, default 50. */
  limit?: number;
  cursor?: string;
}

/** Cuts a keyset page out of `found`, which was read with one row more than `limit`: so it is known whether more follows. */
export function cutPage<T>(found: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? cursorOf(last) : null };
}

/**
 * The cursor of a list whose order is that of its ids.
 * @throws TwolaneError `invalid_cursor`
 */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || isId(cursor)) return cursor;
  throw invalidCursor();
}

export function invalidCursor(): TwolaneError {
  return new TwolaneError('invalid_cursor', 'Use the nextCursor of the page before, or none');
}

/** Cuts a keyset page: one row more than asked was read, to know whether there is a next page. */

export function keyset<T extends { id: string }>(
  found: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Below a list: back to its first page, and on to the next. The filter in the address stays. */
import { here } from '../router.ts';

/** `nextCursor` as the data call answered it: null on the last page, undefined before the first answer. */
export function Pager({ nextCursor }: { nextCursor: string | null | undefined }) {
  const { path, search } = here.value;
  const hrefAt = (cursor: string | undefined) => {
    const next = new URLSearchParams(search);
    next.delete('cursor');
    if (cursor !== undefined) next.set('cursor', cursor);
    return next.size > 0 ? `${path}?${next}` : path;
  };
  return (
    <footer class="pad pager">
      {new URLSearchParams(search).has('cursor') && <a href={hrefAt(undefined)}>First page</a>}
      {nextCursor && <a href={hrefAt(nextCursor)}>Next page</a>}
    </footer>
  );
}

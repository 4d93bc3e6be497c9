/** Where we are, as signals over the browser's history. Links are plain relative `<a href>`s below the page's `<base>`. */
import { signal } from '@preact/signals';

/** The path the dashboard is mounted at, with a slash at the end: `/ops/`. */
export const base = new URL(document.baseURI).pathname;

export interface Place {
  /** Below the base, without a slash in front: ``, `jobs`, `jobs/42`. */
  path: string;
  /** With the question mark, or empty. */
  search: string;
}

export const here = signal<Place>(read());

function read(): Place {
  return { path: decodeURI(location.pathname).slice(base.length), search: location.search };
}

/** Goes to a link below the base. `replace` keeps the back button free of half-typed filters. */
export function go(href: string, { replace = false } = {}): void {
  const url = new URL(href, document.baseURI);
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  here.value = read();
  if (!replace) scrollTo(0, 0);
}

/** Follows links inside the dashboard without a page load; bull-board and other sites load as usual. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    here.value = read();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || event.button !== 0 || link.target) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const inside = link.origin === location.origin && link.pathname.startsWith(base);
    if (!inside || link.pathname.startsWith(`${base}queues`)) return;
    event.preventDefault();
    go(link.href);
  });
}

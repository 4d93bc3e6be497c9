/** The bar on every page: where to go, the search box, how fresh the page is, who is logged in, which environment. */
import { useEffect, useRef } from 'preact/hooks';
import type { Permission } from '../../../../src/contract/permissions.ts';
import { logOut, may, session } from '../api.ts';
import { duration } from '../format.ts';
import { ageMs, paused } from '../live.ts';
import { Self } from './own-password.tsx';
import { SearchBox } from './search-box.tsx';
import { say } from './toast.tsx';

const links: readonly { title: string; href: string; needs?: Permission }[] = [
  { title: 'Overview', href: './' },
  { title: 'Jobs', href: 'jobs' },
  { title: 'Dead letters', href: 'dead' },
  { title: 'Operations', href: 'operations' },
  { title: 'Schedules', href: 'schedules' },
  { title: 'Workers', href: 'workers' },
  { title: 'Metrics', href: 'metrics' },
  { title: 'Media', href: 'media' },
  { title: 'Alerts', href: 'alerts' },
  { title: 'Audit', href: 'audit' },
  { title: 'Keys', href: 'keys', needs: 'keys:read' },
  { title: 'Operators', href: 'operators', needs: 'operators:read' },
  { title: 'Queues', href: 'queues' },
];

/** Pages that no link of their own leads to, and the link that stands for them. */
const parents: Readonly<Record<string, string>> = { Job: 'Jobs', 'New operation': 'Operations', Runbook: 'Alerts' };

export function TopBar({ page }: { page: string }) {
  const who = session.value;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [page]);
  return (
    <header class="top">
      <a class="brand" href="./" aria-label="Twolane, overview">
        <i aria-hidden="true" />
        Twolane
      </a>
      <nav ref={nav} aria-label="Pages">
        {links
          .filter(({ needs }) => needs === undefined || may(needs))
          .map(({ title, href }) => (
            <a key={href} href={href} aria-current={(parents[page] ?? page) === title ? 'page' : undefined}>
              {title}
            </a>
          ))}
      </nav>
      <SearchBox />
      <div class="who">
        <Freshness />
        {who && <Self who={who} />}
        {who?.canLogOut && (
          <button
            type="button"
            class="quiet"
            onClick={() => logOut().catch((error: Error) => say(error.message, 'bad'))}
          >
            Log out
          </button>
        )}
      </div>
      {who?.readOnly && <span class="env production">read-only</span>}
      {who && <span class={`env ${who.environment === 'production' ? 'production' : ''}`}>{who.environment}</span>}
    </header>
  );
}

/** `live, 1 s ago`, or that it is not, with the switch. */
function Freshness() {
  const age = ageMs.value;
  const stale = age === null || age > 5_000;
  const text = paused.value
    ? 'paused'
    : age === null
      ? 'connecting'
      : stale
        ? `last heard ${duration(age)} ago`
        : `live, ${Math.round(age / 1000)} s ago`;
  return (
    <>
      <span class={`live ${paused.value ? 'held' : stale ? 'stale' : ''}`}>{text}</span>
      <button
        type="button"
        aria-pressed={paused.value}
        aria-label="Pause live updates"
        onClick={() => {
          paused.value = !paused.value;
        }}
      >
        {paused.value ? 'Resume' : 'Pause'}
      </button>
    </>
  );
}

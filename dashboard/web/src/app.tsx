/** The frame around every page, and which page belongs to which path. */
import { useEffect } from 'preact/hooks';
import { type PagePath, pagePaths } from '../../page-paths.ts';
import { Alerts } from './pages/alerts.tsx';
import { Audit } from './pages/audit.tsx';
import { Dead } from './pages/dead.tsx';
import { Job } from './pages/job.tsx';
import { Jobs } from './pages/jobs.tsx';
import { Keys } from './pages/keys.tsx';
import { Media } from './pages/media.tsx';
import { Metrics } from './pages/metrics.tsx';
import { Missing } from './pages/missing.tsx';
import { NewOperation } from './pages/new-operation.tsx';
import { Operations } from './pages/operations.tsx';
import { Operators } from './pages/operators.tsx';
import { Overview } from './pages/overview.tsx';
import { Runbook } from './pages/runbook.tsx';
import { Schedules } from './pages/schedules.tsx';
import { Workers } from './pages/workers.tsx';
import { Dialogs } from './parts/dialogs.tsx';
import { Toast } from './parts/toast.tsx';
import { TopBar } from './parts/top-bar.tsx';
import { here } from './router.ts';

const pages: Readonly<Record<PagePath, { title: string; page(id: string): preact.JSX.Element }>> = {
  '/': { title: 'Overview', page: () => <Overview /> },
  '/jobs': { title: 'Jobs', page: () => <Jobs /> },
  '/jobs/:id': { title: 'Job', page: (id) => <Job key={id} id={id} /> },
  '/dead': { title: 'Dead letters', page: () => <Dead /> },
  '/operations': { title: 'Operations', page: () => <Operations /> },
  '/operations/new': { title: 'New operation', page: () => <NewOperation /> },
  '/schedules': { title: 'Schedules', page: () => <Schedules /> },
  '/workers': { title: 'Workers', page: () => <Workers /> },
  '/metrics': { title: 'Metrics', page: () => <Metrics /> },
  '/media': { title: 'Media', page: () => <Media /> },
  '/alerts': { title: 'Alerts', page: () => <Alerts /> },
  '/runbook': { title: 'Runbook', page: () => <Runbook /> },
  '/audit': { title: 'Audit', page: () => <Audit /> },
  '/keys': { title: 'Keys', page: () => <Keys /> },
  '/operators': { title: 'Operators', page: () => <Operators /> },
};

/** The page at a path below the base, and the id that the path names. */
function pageAt(path: string) {
  for (const known of pagePaths) {
    const match = new RegExp(`^${known.replace(':id', '(\\d+)')}/?$`).exec(`/${path}`);
    if (match) return { ...pages[known], id: match[1] ?? '' };
  }
  return undefined;
}

export function App() {
  const { path } = here.value;
  const found = pageAt(path);
  const title = found?.title ?? 'Not found';
  useEffect(() => {
    document.title = `${title} · Twolane`;
  }, [title]);
  return (
    <>
      <a class="skip" href={`${path}#main`} onClick={toMain}>
        To the content
      </a>
      <TopBar page={title} />
      <main id="main" tabIndex={-1}>
        {found ? found.page(found.id) : <Missing />}
      </main>
      <Dialogs />
      <Toast />
    </>
  );
}

function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

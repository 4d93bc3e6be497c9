/** The frame around every page, and which page belongs to which path. */
import { useEffect } from 'preact/hooks';
import { Dead } from './pages/dead.tsx';
import { Job } from './pages/job.tsx';
import { Jobs } from './pages/jobs.tsx';
import { Missing } from './pages/missing.tsx';
import { Overview } from './pages/overview.tsx';
import { Schedules } from './pages/schedules.tsx';
import { Dialogs } from './parts/dialogs.tsx';
import { Toast } from './parts/toast.tsx';
import { TopBar } from './parts/top-bar.tsx';
import { here } from './router.ts';

const pages: readonly { path: RegExp; title: string; page: (match: RegExpExecArray) => preact.JSX.Element }[] = [
  { path: /^$/, title: 'Overview', page: () => <Overview /> },
  { path: /^jobs\/?$/, title: 'Jobs', page: () => <Jobs /> },
  { path: /^jobs\/(\d+)$/, title: 'Job', page: ([, id = '']) => <Job key={id} id={id} /> },
  { path: /^dead$/, title: 'Dead letters', page: () => <Dead /> },
  { path: /^schedules$/, title: 'Schedules', page: () => <Schedules /> },
];

export function App() {
  const { path } = here.value;
  const found = pages.find((candidate) => candidate.path.test(path));
  const match = found?.path.exec(path);
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
        {found && match ? found.page(match) : <Missing />}
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

/** Entry of the operator's pages. */
import { render } from 'preact';
import { loadSession } from './api.ts';
import { App } from './app.tsx';
import { listenToKeys } from './keys.ts';
import { startLive } from './live.ts';
import { Problem } from './parts/problem.tsx';
import { followLinks } from './router.ts';

const root = document.getElementById('app');
if (!root) throw new Error('The page has no #app');
const show = (page: preact.JSX.Element) => {
  root.replaceChildren();
  render(page, root);
};

loadSession().then(
  () => {
    followLinks();
    listenToKeys();
    startLive();
    show(<App />);
  },
  (error: unknown) => show(<Problem error={error} onRetry={() => location.reload()} />),
);

/** Entry of the demo page. */
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (!root) throw new Error('The page has no #app');
root.replaceChildren();
render(<App />, root);

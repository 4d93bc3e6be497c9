/** The operator's pages for tests: built as an installation builds them, and a login as a browser does it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operatorPassword } from './app.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Where the built pages are. */
export const pagesFolder = fileURLToPath(new URL('../../dashboard/web/dist', import.meta.url));

/** Builds the pages from their sources as they are now; under a second. */
export async function buildPages(): Promise<void> {
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  const environment = { ...process.env, NODE_ENV: 'production' };
  const arguments_ = [vite, 'build', 'dashboard/web', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, arguments_, { cwd: repository, env: environment });
}

export interface OperatorClient {
  csrf: string;
  /** A call with the cookie of the session; changing ones need `headers` with the token besides. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

/** Logs the first operator in at `url`, the base of the dashboard such as `http://127.0.0.1:3000/ops`. */
export async function logIn(url: string): Promise<OperatorClient> {
  const form = new URLSearchParams({ name: 'admin', password: operatorPassword });
  const answer = await fetch(`${url}/login`, { method: 'POST', body: form, redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0];
  if (answer.status !== 303 || !cookie) throw new Error(`The login answered ${answer.status}`);
  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
  const { csrf } = (await (await call('/api/session')).json()) as { csrf: string };
  return { csrf, call };
}

/** The JSON of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export async function jsonOf(answer: Response | Promise<Response>): Promise<any> {
  return (await answer).json();
}

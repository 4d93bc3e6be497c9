/** The operator's pages for tests, and a login as a browser does it. */
import { fileURLToPath } from 'node:url';
import { operatorPassword } from './app.ts';

/** Where the built pages are. */
export const pagesFolder = fileURLToPath(new URL('../../dashboard/web/dist', import.meta.url));

export interface OperatorClient {
  csrf: string;
  /** A call with the cookie of the session; changing ones need `headers` with the token besides. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

/** Logs an operator in, the first one by default, at `url`, the base of the dashboard such as `http://127.0.0.1:3000/ops`. */
export async function logIn(url: string, name = 'admin', password = operatorPassword): Promise<OperatorClient> {
  const form = new URLSearchParams({ name, password });
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

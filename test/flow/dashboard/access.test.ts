/** Nothing of the dashboard or of bull-board without a login, and nothing changed without the session's token. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pagePaths } from '../../../dashboard/page-paths.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { boardCalls, dataCalls } from '../../support/dashboard-calls.ts';
import { jsonOf, logIn, type OperatorClient, pagesFolder } from '../../support/pages.ts';

let app: TestApp;
let ops: string;
let operator: OperatorClient;

beforeAll(async () => {
  app = await startTestApp({ worker: false, scheduler: false });
  ops = `${app.url}/ops`;
  operator = await logIn(ops);
});

afterAll(() => app?.stop());

/** Every page of ours by an address that somebody may have kept. */
const ourPages = pagePaths.map((path) => path.replace(':id', '42'));
const page = { accept: 'text/html,application/xhtml+xml' };
const boardFolder = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));

function files(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
}

describe('without a login', () => {
  test('every data call answers 401, also to a browser that asks for a page', async () => {
    for (const [method, path] of [...dataCalls(), ...boardCalls(), ['POST', '/logout']] as [string, string][]) {
      for (const headers of [{}, page]) {
        const answer = await fetch(ops + path, { method, headers, redirect: 'manual' });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(await jsonOf(answer)).toMatchObject({ code: 'login_required', status: 401 });
      }
    }
  });

  test('every page leads to the login and back', async () => {
    const pages = ['', ...ourPages, '/jobs?state=dead', '/queues', '/queues/queue/bulk.image', '/nowhere'];
    for (const path of pages) {
      const answer = await fetch(ops + path, { headers: page, redirect: 'manual' });
      expect([path, answer.status]).toEqual([path, 302]);
      expect(answer.headers.get('location')).toBe(`/ops/login?next=${encodeURIComponent(path || '/')}`);
    }
  });

  test('of all files, ours and those of bull-board, only the style sheet of the login is given out', async () => {
    const ours = files(pagesFolder);
    const theirs = files(join(boardFolder, 'dist', 'static')).map((path) => `/queues/static${path}`);
    expect(ours.length).toBeGreaterThan(3);
    expect(theirs.length).toBeGreaterThan(10);
    const given: string[] = [];
    for (const path of [...ours, ...theirs]) {
      const answer = await fetch(ops + path, { redirect: 'manual' });
      if (answer.status === 200) given.push(path);
      else expect([path, answer.status]).toEqual([path, 401]);
      await answer.body?.cancel();
    }
    expect(given.filter((path) => !/^\/assets\/look-[\w-]+\.css$/.test(path))).toEqual([]);
  });

  test('a wrong password and an invented cookie are refused', async () => {
    const form = new URLSearchParams({ name: 'admin', password: '<b>guess' });
    const answer = await fetch(`${ops}/login`, { method: 'POST', body: form });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toMatch(/do not go together/);
    for (const cookie of ['twolane_ops=made-up', 'twolane_ops=%E0%A4%A']) {
      expect((await fetch(`${ops}/api/session`, { headers: { cookie } })).status).toBe(401);
    }
  });
});

describe('the login', () => {
  test.each([
    ['/jobs?state=dead', '/ops/jobs?state=dead'],
    ['//evil.example', '/ops/'],
    ['https://evil.example', '/ops/'],
    ['/\\evil.example', '/ops/'],
  ])('goes on to %s as %s', async (next, location) => {
    const body = new URLSearchParams({ name: 'admin', password: 'operator-password' });
    const url = `${ops}/login?next=${encodeURIComponent(next)}`;
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/ops; .*HttpOnly; SameSite=Lax$/);
  });

  test('cannot be caused by another site', async () => {
    const body = new URLSearchParams({ name: 'admin', password: 'operator-password' });
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const answer = await fetch(`${ops}/login`, { method: 'POST', body, headers, redirect: 'manual' });
    expect(answer.status).toBe(403);
  });

  test('ends everywhere with the log-out', async () => {
    const other = await logIn(ops);
    const answer = await other.call('/logout', { method: 'POST', headers: { 'x-csrf-token': other.csrf } });
    expect(answer.status).toBe(204);
    expect((await other.call('/api/session')).status).toBe(401);
  });
});

describe('with a login', () => {
  test('every page carries a policy without inline code; only bull-board may use inline styles', async () => {
    for (const path of [...ourPages, '/login', '/queues']) {
      const answer = await operator.call(path, { headers: page });
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect([path, answer.status]).toEqual([path, 200]);
      expect(policy).toMatch(/default-src 'none';script-src 'self';/);
      expect(policy.includes("style-src 'self' 'unsafe-inline'")).toBe(path === '/queues');
      const hosts = (await answer.text()).match(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g);
      expect([path, hosts]).toEqual([path, null]);
    }
  });

  test('a changing call needs the token of the session and our own origin', async () => {
    const token = { 'x-csrf-token': operator.csrf };
    const refused: [string, Record<string, string>][] = [
      ['csrf', {}],
      ['csrf', { 'x-csrf-token': `${operator.csrf}x` }],
      ['cross_site', { ...token, 'sec-fetch-site': 'cross-site' }],
      ['cross_site', { ...token, origin: 'https://evil.example' }],
    ];
    for (const [method, path] of [...dataCalls(), ...boardCalls()].filter(([verb]) => verb !== 'GET')) {
      for (const [code, headers] of refused) {
        const answer = await operator.call(path, { method, headers });
        expect([path, answer.status, (await jsonOf(answer)).code]).toEqual([path, 403, code]);
      }
    }
  });
});

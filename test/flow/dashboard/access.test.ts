/** Nothing of the dashboard or of bull-board without a login, and nothing changed without the session's token. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pagePaths } from '../../../dashboard/page-paths.ts';
import { freePort } from '../../../scripts/stack/ports.ts';
import { loadConfig } from '../../../src/config.ts';
import { silentLogger } from '../../../src/contract/index.ts';
import { permissionNames, type Role, roles, steering } from '../../../src/contract/permissions.ts';
import { createOidc, type OidcSettings, oidcSettingsOf } from '../../../src/http/auth/oidc.ts';
import { addOperator, changeOperator } from '../../../src/http/auth/operators.ts';
import type { Twolane } from '../../../src/twolane.ts';
import { createApp } from '../../../workers/app.ts';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import { boardCalls, dataCalls, dataRoutes } from '../../support/dashboard-calls.ts';
import { caller } from '../../support/http.ts';
import { type OidcProvider, startOidcProvider } from '../../support/oidc-provider.ts';
import { jsonOf, logIn, type OperatorClient, pagesFolder } from '../../support/pages.ts';
import { snippetsOf } from '../../support/snippets.ts';

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

/**
 * What is asked for by POST and steers nothing: to see a secret, which leaves a line in the audit, and what one does to oneself, such as
 * another password.
 */
const personal: readonly (string | undefined)[] = ['jobs:reveal', 'pages:open'];

function files(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
}

describe('without a login', { tags: ['security'] }, () => {
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

describe('the login', { tags: ['security'] }, () => {
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

describe('with a login', { tags: ['security'] }, () => {
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

describe('the permissions of a role', { tags: ['security'] }, () => {
  const password = 'password-of-somebody';
  const singles: Readonly<Record<string, string>> = {
    '/42/retry': 'jobs:operate',
    '/42/promote': 'jobs:operate',
    '/42/clean': 'jobs:operate',
    'bulk.image/pause': 'queues:operate',
    'bulk.image/resume': 'queues:operate',
  };
  /** Every call with what it needs; of the board only those that it may be asked for at all. */
  const guarded = () => [
    ...dataRoutes(),
    ...boardCalls().flatMap((call) => {
      const [method, path] = call;
      // It shows nobody what our Redis is.
      if (path.endsWith('/redis/stats')) return [];
      const change = Object.keys(singles).find((end) => path.endsWith(end)) ?? '';
      const scope = method === 'GET' ? 'jobs:read' : singles[change];
      return scope ? [{ call, scope }] : [];
    }),
  ];
  /** The calls that are answered 403. Bodies fit nowhere, so that little is changed by the others. */
  async function refusals(client: OperatorClient): Promise<string[]> {
    const headers = { 'x-csrf-token': client.csrf, 'content-type': 'application/json' };
    const refused: string[] = [];
    for (const { call } of guarded()) {
      const [method, path] = call;
      const abort = new AbortController();
      const body = method === 'GET' ? {} : { body: '{"no":"such field"}' };
      const answer = await client.call(path, { method, headers, ...body, signal: abort.signal });
      if (answer.status === 403) refused.push(call.join(' '));
      abort.abort();
    }
    return refused;
  }

  test('is named by every row of the table, from the one list; what changes something steers', () => {
    for (const { call, scope } of dataRoutes())
      expect(permissionNames as readonly unknown[], call.join(' ')).toContain(scope);
    const changing = dataRoutes().filter(({ call: [method], scope }) => method !== 'GET' && !personal.includes(scope));
    expect(changing.length).toBeGreaterThan(15);
    for (const { call, scope } of changing) expect(steering as readonly unknown[], call.join(' ')).toContain(scope);
  });

  test.each(['viewer', 'operator', 'admin'] as const)(
    'of %s opens what it names, and nothing else',
    async (role: Role) => {
      await addOperator(app.twolane.database, { name: `a ${role}`, role, password });
      const client = await logIn(ops, `a ${role}`, password);
      const may: readonly string[] = roles[role];
      const expected = guarded().filter(({ scope = '' }) => !may.includes(scope));
      expect(await refusals(client)).toEqual(expected.map(({ call }) => call.join(' ')));
    },
  );

  test('ends with the role, for those who are logged in too', async () => {
    const client = await logIn(ops, 'a operator', password);
    await changeOperator(app.twolane.database, 'a operator', { role: 'viewer' });
    await expect.poll(async () => (await client.call('/api/session')).status, { timeout: 5_000 }).toBe(401);
  });
});

describe('a read-only deployment', { tags: ['security'] }, () => {
  test('lets an admin and a key look, and refuses every change with what is the matter; jobs are taken', async () => {
    const { database } = app.twolane;
    const environment = { ...app.environment, TWOLANE_READ_ONLY: 'true' };
    const twin = createApp(loadConfig(environment), { logger: silentLogger, schedules: [] });
    const web = express().use('/ops', twin.dashboard()).use(twin.api());
    const server = web.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const admin = await logIn(`${url}/ops`);
      expect(await jsonOf(admin.call('/api/session'))).toMatchObject({ readOnly: true, role: 'admin' });
      const headers = { 'x-csrf-token': admin.csrf, 'content-type': 'application/json' };
      const before = (await database.query('select count(*) from twolane.audit')).rows;
      const steered = dataRoutes().filter(({ call: [method], scope }) => method !== 'GET' && !personal.includes(scope));
      for (const { call } of steered) {
        const answer = await admin.call(call[1], { method: call[0], headers, body: '{}' });
        expect([call, answer.status, (await jsonOf(answer)).code]).toEqual([call, 403, 'read_only']);
      }
      for (const [method, path] of boardCalls().filter(([verb]) => verb !== 'GET'))
        expect([403, 405]).toContain((await admin.call(path, { method, headers, body: '{}' })).status);
      expect((await database.query('select count(*) from twolane.audit')).rows).toEqual(before);
      const ask = caller(url);
      const steer = await ask('POST', '/v1/queues/bulk/image/pause', { token: apiKey });
      expect(steer).toMatchObject({ status: 403, json: { code: 'read_only' } });
      expect((await ask('GET', '/v1/queues', { token: apiKey })).status).toBe(200);
      const nonsense = { type: 'no-such-type', payload: {} };
      expect((await ask('POST', '/v1/jobs', { token: apiKey, body: nonsense })).json.code).toBe('unknown_job_type');
      expect((await admin.call('/logout', { method: 'POST', headers })).status).toBe(204);
    } finally {
      server.close();
      await twin.close();
    }
  });
});

describe('a log-in by OpenID Connect', () => {
  const client = { id: 'twolane', secret: 'a-secret-of-the-provider' };
  let provider: OidcProvider;
  let server: Server;
  let twin: Twolane;
  let base: string;

  beforeAll(async () => {
    provider = await startOidcProvider(client);
    const port = await freePort();
    base = `http://127.0.0.1:${port}/ops`;
    const settings = {
      TWOLANE_OIDC_ISSUER: provider.issuer,
      TWOLANE_OIDC_CLIENT_ID: client.id,
      TWOLANE_OIDC_CLIENT_SECRET: client.secret,
      TWOLANE_OIDC_REDIRECT_URL: `${base}/login/oidc/callback`,
      TWOLANE_OIDC_ROLES: 'viewer=staff admin=leads operator=sre,on-call',
    };
    twin = createApp(loadConfig({ ...app.environment, ...settings }), { logger: silentLogger, schedules: [] });
    server = express().use('/ops', twin.dashboard()).listen(port, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    server?.close();
    await twin?.close();
    await provider?.close();
  });

  /** As a browser goes there and back; `meddle` changes what it brings back. */
  async function enter(meddle: (url: URL) => void = () => {}) {
    const begun = await fetch(`${base}/login/oidc?next=${encodeURIComponent('/jobs?state=dead')}`, {
      redirect: 'manual',
    });
    const kept = begun.headers.get('set-cookie') ?? '';
    const back = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const url = new URL(back.headers.get('location') ?? '');
    meddle(url);
    const cookie = kept.split(';', 1)[0] ?? '';
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    const session = answer.headers.getSetCookie().find((each) => each.startsWith('twolane_ops=')) ?? '';
    const call = (path: string) => fetch(base + path, { headers: { cookie: session.split(';', 1)[0] ?? '' } });
    return { kept, answer, session, call };
  }

  test('lets in whom the provider vouches for, with the mightiest role of his groups', async () => {
    expect(await (await fetch(`${base}/login`)).text()).toContain('href="login/oidc?next=');
    provider.person = { sub: '7', email: 'mia@example.com', groups: ['staff', 'sre', 'other'] };
    const { kept, answer, session, call } = await enter();
    expect(kept).toMatch(/Path=\/ops\/login; .*HttpOnly; SameSite=Lax$/);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/ops/jobs?state=dead']);
    expect(session).toMatch(/; Path=\/ops; .*HttpOnly; SameSite=Lax$/);
    expect(await jsonOf(call('/api/session'))).toMatchObject({ name: 'mia@example.com', role: 'operator' });
    provider.person = { sub: '7', email: 'mia@example.com', groups: 'staff' };
    const later = await enter();
    expect(await jsonOf(later.call('/api/session'))).toMatchObject({ role: 'viewer' });
    // The role has changed: what was opened with the old one has ended.
    await expect.poll(async () => (await call('/api/session')).status, { timeout: 5_000 }).toBe(401);
    const guess = new URLSearchParams({ name: 'mia@example.com', password: '' });
    expect((await fetch(`${base}/login`, { method: 'POST', body: guess })).status).toBe(401);
  });

  test.each<[string, number, Record<string, unknown>, Record<string, unknown>, (url: URL) => void]>([
    ['nobody without a role', 403, { groups: ['guests'] }, {}, () => {}],
    ['nobody without a name', 401, { email: undefined }, {}, () => {}],
    ['nobody who takes the name of somebody with a password', 403, { email: 'admin' }, {}, () => {}],
    ['nobody who takes the name of another of the provider', 403, { email: 'mia@example.com' }, {}, () => {}],
    ['no identity for another audience', 401, {}, { aud: 'another-app' }, () => {}],
    ['no identity with another nonce', 401, {}, { nonce: 'replayed' }, () => {}],
    ['no identity that has expired', 401, {}, { exp: 1_000 }, () => {}],
    ['no answer with another state', 401, {}, {}, (url) => url.searchParams.set('state', 'made-up')],
    ['no code that was made up', 401, {}, {}, (url) => url.searchParams.set('code', 'made-up')],
  ])('takes %s', async (_what, status, person, lies, meddle) => {
    provider.person = { sub: '8', email: 'leo@example.com', groups: ['leads'], ...person };
    provider.lies = lies;
    const { answer, session } = await enter(meddle);
    provider.lies = {};
    expect([answer.status, session]).toEqual([status, '']);
    expect(await answer.text()).toContain('role="alert"');
  });

  test('is set up as the page shows it', () => {
    const [shown] = snippetsOf('docs/access.md').filter(({ code }) => code.startsWith('TWOLANE_OIDC'));
    const lines = (shown?.code ?? '').trim().split('\n');
    const given = Object.fromEntries(lines.map((line) => line.replaceAll('"', '').split(/=(.*)/s).slice(0, 2)));
    const config = loadConfig({ ...app.environment, ...given, TWOLANE_OIDC_CLIENT_SECRET: client.secret });
    const settings = oidcSettingsOf(config);
    expect(settings).toMatchObject({ issuer: 'https://id.example', nameClaim: 'email', rolesClaim: 'groups' });
    expect(() => createOidc(settings as OidcSettings)).not.toThrow();
    const wrong = { ...(settings as OidcSettings), roles: 'god=everybody' };
    expect(() => createOidc(wrong)).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
  });

  test('takes no answer in a browser that has not begun it', async () => {
    const answer = await fetch(`${base}/login/oidc/callback?code=x&state=y`, { redirect: 'manual' });
    expect(answer.status).toBe(401);
  });
});

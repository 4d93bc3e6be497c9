/** What the HTTP API is as a whole: probes, metrics, pages, and the route table with who may call what. */
import { describe, expect, it } from 'vitest';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { overrides, useApiApp, welcomeToken } from '../support/api-app.ts';
import { apiKey, startTestApp } from '../support/app.ts';
import { type CallOptions, caller } from '../support/http.ts';

const api = useApiApp();
const { call, enqueue, get, tokenOf } = api;

describe('the system', () => {
  it('is ready with a broker down, and says which lane waits; not without its tables', async () => {
    expect((await call('GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await call('GET', '/readyz')).json).toMatchObject({ status: 'ready', degraded: [] });
    const realtime = memoryLane({ name: 'realtime' });
    const lonely = await startTestApp({
      worker: false,
      scheduler: false,
      settings: { TWOLANE_PRODUCT: 'none' },
      overrides: { ...overrides, lanes: { realtime, bulk: memoryLane({ name: 'bulk' }) } },
    });
    try {
      realtime.switchPower(false);
      const ask = caller(lonely.url);
      expect(await ask('GET', '/readyz')).toMatchObject({
        status: 200,
        json: { status: 'degraded', degraded: ['realtime'] },
      });
      const accepted = await ask('POST', '/v1/jobs', { token: apiKey, body: { type: 'ping', payload: {} } });
      expect(accepted.status).toBe(202);
      await lonely.twolane.database.query('drop schema twolane cascade');
      expect(await ask('GET', '/readyz')).toMatchObject({ status: 503, json: { code: 'not_migrated' } });
    } finally {
      await lonely.stop();
    }
  });

  it('counts queues and requests for Prometheus', async () => {
    expect((await enqueue()).status).toBe(202);
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/twolane_queue_jobs\{lane="bulk",queue="image",state="\w+"\} \d+/);
    expect(text).toContain('twolane_jobs_unaccounted 0');
    expect(text).toMatch(/twolane_http_request_seconds_count\{method="POST",route="\/v1\/jobs",status="202"\} \d+/);
  });

  it('lets a newcomer in once', async () => {
    expect((await call('POST', '/v1/welcome', { body: { token: 'guess' } })).status).toBe(403);
    const welcomed = await call('POST', '/v1/welcome', { body: { token: welcomeToken } });
    expect(welcomed).toMatchObject({ status: 201, json: { userId: 'newcomer' } });
    expect((await get('/v1/media', { token: welcomed.json.token })).status).toBe(200);
    const again = await call('POST', '/v1/welcome', { body: { token: welcomeToken } });
    expect(again).toMatchObject({ status: 403, json: { code: 'welcome_over' } });
  });

  it('serves its pages and nothing else of their folder', async () => {
    for (const path of ['/', '/docs', '/web/look.css', '/web/landing.js', '/web/shape.js'])
      expect((await call('GET', path)).status, path).toBe(200);
    expect((await call('GET', '/web/landing.html')).status).toBe(404);
    expect((await call('GET', '/web/..%2f..%2fapp.ts')).status).toBe(404);
  });
});

interface Operation {
  method: string;
  path: string;
  operationId: string;
  'x-access': string;
  'x-scope'?: string;
}

async function operations(): Promise<Operation[]> {
  const { json } = await call('GET', '/openapi.json');
  return Object.entries<Record<string, object>>(json.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...(operation as Operation), method, path })),
  );
}

/** Asks as its documentation says, with an id that does not exist. */
const ask = ({ method, path }: Operation, options?: CallOptions) =>
  call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '1'), options);

describe('the route table', { tags: ['security'] }, () => {
  it('stands in OpenAPI 3.1 with resolvable references and distinct names', async () => {
    const { json } = await call('GET', '/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(json).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, section = '', name = ''] of references) expect(json.components[section]).toHaveProperty(name);
    const ids = (await operations()).map(({ operationId }) => operationId);
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('answers 401 without credentials and 403 without the scope, on every route that is not open', async () => {
    await setApiKey(api.app.twolane.database, 'useless', 'useless-key', ['act', 'nothing:read']);
    const guarded = (await operations()).filter((each) => each['x-access'] !== 'open');
    expect(guarded.length).toBeGreaterThan(15);
    for (const each of guarded) {
      const name = `${each.method} ${each.path} (${each['x-scope']})`;
      expect((await ask(each)).status, name).toBe(401);
      const headers = { 'x-acting-user': 'ana' };
      expect((await ask(each, { token: 'useless-key', headers })).status, name).toBe(403);
    }
  });

  it('keeps user routes from plain keys, and key routes from users', async () => {
    const token = await tokenOf('fay');
    for (const each of await operations()) {
      const wrong = { user: apiKey, key: token }[each['x-access']];
      if (wrong) expect((await ask(each, { token: wrong })).status, `${each.method} ${each.path}`).toBe(403);
    }
  });

  it('opens to strangers what it means to, and no more', async () => {
    const open = (await operations()).filter((each) => each['x-access'] === 'open');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'get /files/{key}',
      'get /healthz',
      'get /openapi.json',
      'get /readyz',
      'post /v1/welcome',
    ]);
  });
});

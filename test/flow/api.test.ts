/** The HTTP API over a real ledger: enqueueing, watching and steering jobs, and who may do it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, NonRetryableError } from '../../src/contract/index.ts';
import { setApiKey } from '../../src/http/auth/seed.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { type CallOptions, caller } from '../support/http.ts';
import { until } from '../support/stack.ts';

const welcomeToken = 'welcome-to-the-tests';
const payload = z.object({ width: z.int().min(1), userId: z.string().optional(), 'a/b': z.string().optional() });
const resize = defineJob({ type: 'resize', lane: 'bulk', queue: 'image', payload, owner: ({ userId }) => userId });
const limits = { concurrency: 50, perKey: { rate: { count: 5, perMs: 1_000 } } };
const ping = defineJob({ type: 'ping', lane: 'realtime', queue: 'fast', payload: z.object({}), limits });
const explode = defineJob({ type: 'explode', lane: 'realtime', queue: 'fast', payload });
const sweep = defineJob({ type: 'sweep', lane: 'bulk', queue: 'maintenance', payload: z.object({}), internal: true });

const overrides = {
  catalog: { resize, ping, explode, sweep },
  handlers: () => ({
    resize: async () => undefined,
    ping: async () => undefined,
    explode: async () => {
      throw new NonRetryableError('moov atom not found');
    },
    sweep: async () => undefined,
  }),
};

let app: TestApp;
let call: ReturnType<typeof caller>;

beforeAll(async () => {
  const settings = { TWOLANE_WELCOME_TOKEN: welcomeToken, TWOLANE_MAX_PAYLOAD_BYTES: '10000', TWOLANE_PRODUCT: 'none' };
  app = await startTestApp({ settings, overrides });
  call = caller(app.url);
});
afterAll(() => app?.stop());

const post = (path: string, body: unknown, options: CallOptions = {}) =>
  call('POST', path, { token: apiKey, body, ...options });
const get = (path: string, options: CallOptions = {}) => call('GET', path, { token: apiKey, ...options });
const enqueue = (given: object = { width: 10 }, options?: object) =>
  post('/v1/jobs', { type: 'resize', payload: given, options });
const pointers = (answer: { json: { errors: { pointer: string }[] } }) =>
  answer.json.errors.map((each) => each.pointer);
const tokenOf = async (userId: string): Promise<string> => (await post('/v1/tokens', { userId })).json.token;
const later = { delayMs: 3_600_000 };

async function deadJob(): Promise<string> {
  const { json } = await post('/v1/jobs', { type: 'explode', payload: { width: 1 } });
  await until('the job is dead', async () => (await get(`/v1/jobs/${json.id}`)).json.state === 'dead');
  return json.id;
}

describe('POST /v1/jobs', () => {
  it('accepts a job and answers where it is', async () => {
    const accepted = await enqueue();
    expect(accepted.status).toBe(202);
    expect(accepted.json).toMatchObject({ type: 'resize', lane: 'bulk', deduplicated: false });
    expect(accepted.headers.get('location')).toBe(`/v1/jobs/${accepted.json.id}`);
    const job = await get(`/v1/jobs/${accepted.json.id}`);
    expect(job.json).toMatchObject({ id: accepted.json.id, queue: 'image', payload: { width: 10 }, attempts: [] });
  });

  it('takes the trace of the request into the job', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const { json } = await post('/v1/jobs', { type: 'ping', payload: {} }, { headers });
    expect((await get(`/v1/jobs/${json.id}`)).json.traceId).toBe(trace);
  });

  it('names every field that does not fit by JSON Pointer', async () => {
    expect(pointers(await enqueue({ width: 0, 'a/b': 1 }))).toEqual(['/payload/width', '/payload/a~1b']);
    expect(pointers(await enqueue({ width: 1 }, { delayMs: -1, colour: 'red' }))).toEqual([
      '/options/delayMs',
      '/options/colour',
    ]);
    expect(pointers(await post('/v1/jobs', { payload: {} }))).toEqual(['/type']);
  });

  it('refuses unknown types, internal types and large payloads', async () => {
    expect(await post('/v1/jobs', { type: 'nope', payload: {} })).toMatchObject({
      status: 422,
      json: { code: 'unknown_job_type' },
    });
    expect((await post('/v1/jobs', { type: 'constructor', payload: {} })).status).toBe(422);
    expect(await post('/v1/jobs', { type: 'sweep', payload: {} })).toMatchObject({
      status: 403,
      json: { code: 'internal_job_type' },
    });
    expect(await enqueue({ width: 1, userId: 'x'.repeat(11_000) })).toMatchObject({
      status: 413,
      json: { code: 'payload_too_large' },
    });
    expect((await enqueue({ width: 1, userId: 'x'.repeat(100_000) })).json.code).toBe('body_too_large');
  });

  it('holds a delayed job as scheduled', async () => {
    const { json } = await enqueue({ width: 1 }, later);
    expect(json.state).toBe('scheduled');
  });

  it('answers the first job for the same idempotency key in the options', async () => {
    const first = await enqueue({ width: 1 }, { idempotencyKey: 'order-1' });
    const second = await enqueue({ width: 1 }, { idempotencyKey: 'order-1' });
    expect(second.json).toMatchObject({ id: first.json.id, deduplicated: true });
  });

  it('makes one job for one Idempotency-Key even when the kept answer is lost', async () => {
    const headers = { 'idempotency-key': 'header-1' };
    const send = () => post('/v1/jobs', { type: 'ping', payload: {} }, { headers });
    const first = await send();
    expect((await send()).text).toBe(first.text);
    await app.twolane.database.query('delete from twolane.http_idempotency');
    expect((await send()).json).toMatchObject({ id: first.json.id, deduplicated: true });
  });
});

describe('POST /v1/jobs/bulk', () => {
  const bulk = (jobs: unknown[]) => post('/v1/jobs/bulk', { jobs });

  it('accepts many, in order', async () => {
    const { status, json } = await bulk(
      Array.from({ length: 10_000 }, (_, n) => ({ type: 'resize', payload: { width: n + 1 }, options: later })),
    );
    expect(status).toBe(202);
    expect(json.jobs).toHaveLength(10_000);
    expect((await get(`/v1/jobs/${json.jobs[16].id}`)).json.payload).toEqual({ width: 17 });
  });

  it('accepts all or nothing, and points at the jobs that do not fit', async () => {
    const { rows: before } = await app.twolane.database.query('select count(*)::int as n from twolane.jobs');
    const jobs = Array.from({ length: 20 }, (_, n) => ({ type: 'resize', payload: { width: n === 17 ? 'wide' : 1 } }));
    const refused = await bulk(jobs);
    expect(refused.status).toBe(422);
    expect(pointers(refused)).toEqual(['/jobs/17/payload/width']);
    const { rows: after } = await app.twolane.database.query('select count(*)::int as n from twolane.jobs');
    expect(after).toEqual(before);
  });

  it('refuses none at all, more than 10,000, and types that are not public', async () => {
    expect(pointers(await bulk([]))).toEqual(['/jobs']);
    expect((await bulk(Array.from({ length: 10_001 }, () => ({ type: 'ping', payload: {} })))).status).toBe(422);
    expect(
      (
        await bulk([
          { type: 'ping', payload: {} },
          { type: 'sweep', payload: {} },
        ])
      ).status,
    ).toBe(403);
    expect(
      pointers(
        await bulk([
          { type: 'ping', payload: {} },
          { type: 'nope', payload: {} },
        ]),
      ),
    ).toEqual(['/jobs/1/type']);
  });
});

describe('a user', () => {
  it('sees the state of an own job and nothing of the others', async () => {
    const { json } = await enqueue({ width: 1, userId: 'ana' });
    const path = `/v1/jobs/${json.id}`;
    const own = await get(path, { token: await tokenOf('ana') });
    expect(Object.keys(own.json).sort()).toEqual(['eta', 'id', 'position', 'progress', 'state', 'type']);
    const other = await get(path, { token: await tokenOf('ben') });
    const missing = await get('/v1/jobs/42', { token: await tokenOf('ben') });
    expect(other).toMatchObject({ status: 404, text: missing.text });
    expect((await call('GET', path, { token: apiKey, headers: { 'x-acting-user': 'ben' } })).status).toBe(404);
  });

  it('follows an own job with a ticket until its end', async () => {
    const { json } = await enqueue({ width: 1, userId: 'cara' }, later);
    const token = await tokenOf('cara');
    const ticket = await post('/v1/tokens', { use: 'stream' }, { token });
    expect(ticket).toMatchObject({ status: 201 });
    const response = await fetch(`${app.url}/v1/jobs/${json.id}/events?ticket=${ticket.json.token}`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reading = response.text();
    await post(`/v1/jobs/${json.id}/cancel`, undefined);
    expect(await reading).toMatch(/event: job\ndata: .*"state":"cancelled"/);
  });

  it('makes stream tickets for nobody but himself', async () => {
    const token = await tokenOf('dan');
    expect((await post('/v1/tokens', { use: 'stream', userId: 'ana' }, { token })).status).toBe(403);
    expect((await post('/v1/tokens', { use: 'access' }, { token })).status).toBe(403);
  });
});

describe('a key', () => {
  it('makes tokens for users, with no more scopes than its own', async () => {
    const made = await post('/v1/tokens', { userId: 'eve', scopes: ['media:read'], expiresInS: 60 });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect((await get('/v1/media', { token: made.json.token })).status).toBe(200);
    await setApiKey(app.twolane.database, 'narrow', 'narrow-key', ['tokens:write', 'act', 'jobs:read']);
    const beyond = await post('/v1/tokens', { userId: 'eve', scopes: ['*'] }, { token: 'narrow-key' });
    expect(beyond).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect(pointers(await post('/v1/tokens', {}))).toEqual(['/userId']);
  });

  it('finds jobs page by page and by qualified search', async () => {
    const tenant = 'finder';
    for (let width = 1; width <= 3; width += 1) await enqueue({ width }, { tenant });
    const first = await get(`/v1/jobs?tenant=${tenant}&limit=2`);
    const second = await get(`/v1/jobs?tenant=${tenant}&limit=2&cursor=${first.json.nextCursor}`);
    expect([...first.json.items, ...second.json.items]).toHaveLength(3);
    expect(second.json.nextCursor).toBeNull();
    const found = await get(`/v1/jobs?q=${encodeURIComponent(`tenant:${tenant} payload.width:2`)}`);
    expect(found.json.items).toHaveLength(1);
    expect(pointers(await get('/v1/jobs?q=colour:red'))).toEqual(['/query/q']);
    expect(pointers(await get('/v1/jobs?limit=0&color=red'))).toEqual(['/query/limit', '/query/color']);
    expect((await get('/v1/jobs?cursor=abc')).json.code).toBe('invalid_cursor');
  });

  it('cancels, retries with another payload, and discards', async () => {
    const { json: scheduled } = await enqueue({ width: 1 }, later);
    expect((await post(`/v1/jobs/${scheduled.id}/cancel`, undefined)).json).toEqual({
      id: scheduled.id,
      state: 'cancelled',
    });
    expect((await post(`/v1/jobs/${scheduled.id}/cancel`, undefined)).status).toBe(409);

    const dead = await deadJob();
    expect((await get('/v1/dead')).json.items).toContainEqual(
      expect.objectContaining({ type: 'explode', message: 'moov atom not found', sampleId: dead }),
    );
    expect(pointers(await post(`/v1/jobs/${dead}/retry`, { payload: { width: 0 } }))).toEqual(['/payload/width']);
    expect((await post(`/v1/jobs/${dead}/retry`, { payload: { width: 7 } })).status).toBe(202);
    await until('it is dead again', async () => (await get(`/v1/jobs/${dead}`)).json.attempts.length === 2);
    expect((await get(`/v1/jobs/${dead}`)).json.payload).toEqual({ width: 7 });
    await until('it can be discarded', async () => (await post(`/v1/jobs/${dead}/discard`, undefined)).status === 202);
    expect((await get(`/v1/jobs/${dead}`)).json).toMatchObject({ state: 'cancelled', reason: 'discarded' });
    expect((await post('/v1/jobs/42/discard', undefined)).status).toBe(404);
    expect((await get(`/v1/jobs/${dead}/logs`)).json).toEqual({ items: [], nextCursor: null });
  });

  it('reads job types with the JSON Schema of their payload', async () => {
    const { json } = await get('/v1/job-types');
    const found = json.items.find(({ type }: { type: string }) => type === 'resize');
    expect(found.payload.properties.width).toMatchObject({ type: 'integer', minimum: 1 });
    expect(found.defaults).toMatchObject({ priority: 'normal', maxAttempts: 5, timeoutMs: 900_000 });
    expect(found.limits).toBeNull();
    expect(json.items.find(({ type }: { type: string }) => type === 'ping').limits).toEqual(limits);
  });

  it('pauses and resumes a queue', async () => {
    const paused = async () =>
      (await get('/v1/queues')).json.items.find((each: { queue: string }) => each.queue === 'image')?.paused;
    expect((await post('/v1/queues/bulk/image/pause', undefined)).json).toEqual({
      lane: 'bulk',
      queue: 'image',
      paused: true,
    });
    expect(await paused()).toBe(true);
    await post('/v1/queues/bulk/image/resume', undefined);
    expect(await paused()).toBe(false);
    expect((await post('/v1/queues/bulk/nowhere/pause', undefined)).status).toBe(404);
    expect((await get('/v1/workers')).json.items).toHaveLength(1);
  });

  it('gives a tenant a weight, and lists those that are not usual', async () => {
    const weigh = (weight: unknown) => call('PUT', '/v1/tenants/acme', { token: apiKey, body: { weight } });
    expect((await weigh(3)).json).toEqual({ tenant: 'acme', weight: 3 });
    expect((await get('/v1/tenants')).json).toEqual({ items: [{ tenant: 'acme', weight: 3 }] });
    const refused = await weigh(0);
    expect(refused.status).toBe(422);
    expect(pointers(refused)).toEqual(['/weight']);
    expect((await weigh(1)).status).toBe(200);
    expect((await get('/v1/tenants')).json).toEqual({ items: [] });
  });
});

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

describe('the route table', () => {
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
    await setApiKey(app.twolane.database, 'useless', 'useless-key', ['act', 'nothing:read']);
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

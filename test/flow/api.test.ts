/** The HTTP API over a real ledger: enqueueing, watching and steering jobs, and who may do it. */
import { describe, expect, it } from 'vitest';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { later, limits, pointers, useApiApp } from '../support/api-app.ts';
import { apiKey } from '../support/app.ts';
import { until } from '../support/stack.ts';

const api = useApiApp();
const { post, get, enqueue, tokenOf, deadJob, call } = api;

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
    await api.app.twolane.database.query('delete from twolane.http_idempotency');
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
    const { rows: before } = await api.app.twolane.database.query('select count(*)::int as n from twolane.jobs');
    const jobs = Array.from({ length: 20 }, (_, n) => ({ type: 'resize', payload: { width: n === 17 ? 'wide' : 1 } }));
    const refused = await bulk(jobs);
    expect(refused.status).toBe(422);
    expect(pointers(refused)).toEqual(['/jobs/17/payload/width']);
    const { rows: after } = await api.app.twolane.database.query('select count(*)::int as n from twolane.jobs');
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
    const response = await fetch(`${api.app.url}/v1/jobs/${json.id}/events?ticket=${ticket.json.token}`);
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
    await setApiKey(api.app.twolane.database, 'narrow', 'narrow-key', ['tokens:write', 'act', 'jobs:read']);
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

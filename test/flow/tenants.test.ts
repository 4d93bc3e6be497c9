/** Keys that belong to a tenant: they reach what is their tenant's, and everything else does not exist for them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { platformJobs } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { later, overrides, useApiApp } from '../support/api-app.ts';
import { until } from '../support/stack.ts';

const api = useApiApp({
  catalog: { ...platformJobs, ...overrides.catalog },
  handlers: (services) => ({ ...platformHandlers(services), ...overrides.handlers() }),
});
const acme = { token: 'key-of-acme' };
const bolt = { token: 'key-of-bolt' };
const { call, post, get } = api;

interface Things {
  job: string;
  dead: string;
  flow: string;
  operation: string;
  media: string;
}
const things: Record<'acme' | 'bolt', Things> = { acme: {} as Things, bolt: {} as Things };

/** One of everything that a tenant can have. */
async function make(name: 'acme' | 'bolt', key: { token: string }): Promise<Things> {
  await setApiKey(api.app.twolane.database, name, key.token, ['*'], name);
  const width = name.length;
  const enqueued = async (type: string, options?: object) =>
    (await post('/v1/jobs', { type, payload: { width }, options }, key)).json.id;
  const dead = await enqueued('explode');
  await until('the job is dead', async () => (await get(`/v1/jobs/${dead}`)).json.state === 'dead');
  const flow = {
    chain: [
      { type: 'resize', payload: { width: 1 }, options: later },
      { type: 'ping', payload: {} },
    ],
  };
  const schedule = { type: 'resize', payload: { width }, everyMs: 3_600_000 };
  expect((await call('PUT', `/v1/schedules/${name}`, { ...key, body: schedule })).status).toBe(201);
  const nothing = { action: 'cancel', filter: { key: 'nobody' } };
  const source = { source: { key: 'incoming/a.jpg' }, ownerId: 'ana' };
  return {
    job: await enqueued('resize', later),
    dead,
    flow: (await post('/v1/flows', { flow }, key)).json.id,
    operation: (await post('/v1/operations', nothing, key)).json.id,
    media: (await post('/v1/media', source, key)).json.id,
  };
}

beforeAll(async () => {
  const folder = join(api.app.config.TWOLANE_FILES_DIR, 'incoming');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'a.jpg'), 'not much of a photo');
  things.acme = await make('acme', acme);
  things.bolt = await make('bolt', bolt);
});

const reads = ({ job, flow, operation }: Things, name: string) => [
  ...['', '/payload', '/result', '/logs', '/audit'].map((rest) => `/v1/jobs/${job}${rest}`),
  `/v1/flows/${flow}`,
  `/v1/operations/${operation}`,
  `/v1/schedules/${name}`,
];

describe('A key that belongs to a tenant', { tags: ['security'] }, () => {
  it("reads what is its tenant's, and finds nothing else", async () => {
    const nobodys = (await post('/v1/jobs', { type: 'resize', payload: { width: 1 }, options: later })).json.id;
    expect((await get(`/v1/jobs/${nobodys}`, acme)).status).toBe(404);
    for (const path of reads(things.acme, 'acme')) {
      expect((await get(path, acme)).status, path).toBe(200);
      expect((await get(path, bolt)).status, path).toBe(404);
      expect((await get(path)).status, path).toBe(200);
    }
    expect((await get(`/v1/jobs/${things.acme.job}/events`, bolt)).status).toBe(404);
  });

  it("changes nothing of another's", async () => {
    const { job, dead, operation } = things.acme;
    const changes = [
      ...['cancel', 'retry', 'discard', 'restore', 'reveal'].map((action) => ['POST', `/v1/jobs/${dead}/${action}`]),
      ['POST', `/v1/jobs/${job}/cancel`],
      ['POST', `/v1/operations/${operation}/undo`],
      ['DELETE', `/v1/operations/${operation}`],
      ...['run', 'pause', 'resume'].map((action) => ['POST', `/v1/schedules/acme/${action}`]),
      ['DELETE', '/v1/schedules/acme'],
    ] as const;
    for (const [method = '', path = ''] of changes)
      expect((await call(method, path, bolt)).status, `${method} ${path}`).toBe(404);
    const taken = await call('PUT', '/v1/schedules/acme', {
      ...bolt,
      body: { type: 'resize', payload: { width: 9 }, everyMs: 60_000 },
    });
    expect(taken).toMatchObject({ status: 409, json: { code: 'name_taken' } });
    expect((await get('/v1/schedules/acme')).json).toMatchObject({ everyMs: 3_600_000, updatedBy: 'acme' });
    expect((await get(`/v1/jobs/${dead}`)).json.state).toBe('dead');
  });

  it("lists what is its tenant's", async () => {
    const { job, dead, operation } = things.acme;
    const ids = async (path: string) => (await get(path, acme)).json.items.map(({ id }: { id: string }) => id);
    const jobs = (await get('/v1/jobs', acme)).json.items;
    expect(new Set(jobs.map(({ tenant }: { tenant: string }) => tenant))).toEqual(new Set(['acme']));
    expect(await ids('/v1/jobs')).toEqual(expect.arrayContaining([job, dead]));
    expect(await ids('/v1/operations')).toEqual([operation]);
    const names = (await get('/v1/schedules', acme)).json.items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['acme']);
    const [group, ...rest] = (await get('/v1/dead?type=explode', acme)).json.items;
    expect(group).toMatchObject({ type: 'explode', count: 1, sampleId: dead, message: 'moov atom not found' });
    expect(rest).toEqual([]);
    expect((await get('/v1/dead?type=explode')).json.items[0]).toMatchObject({ count: 2 });
  });

  it('enqueues, searches and operates for its tenant only', async () => {
    const job = { type: 'resize', payload: { width: 1 }, options: { ...later, tenant: 'acme' } };
    const refusals = [
      await post('/v1/jobs', job, bolt),
      await post('/v1/jobs/bulk', { jobs: [job] }, bolt),
      await post('/v1/flows', { flow: job }, bolt),
      await post('/v1/flows', { flow: { type: 'ping', payload: {} }, tenant: 'acme' }, bolt),
      await post('/v1/operations', { action: 'redrive', filter: { tenant: 'acme' } }, bolt),
      await get('/v1/jobs?tenant=acme', bolt),
      await get('/v1/jobs?q=tenant:acme', bolt),
    ];
    expect(refusals.map(({ status, json }) => [status, json.code])).toEqual(refusals.map(() => [403, 'forbidden']));
    const dry = { action: 'redrive', filter: { type: 'explode' }, dryRun: true };
    expect((await post('/v1/operations', dry, bolt)).json).toMatchObject({
      matched: 1,
      samples: [{ id: things.bolt.dead }],
    });
    expect((await post('/v1/operations', dry)).json).toMatchObject({ matched: 2 });
  });

  it('hands its limits on to the tokens that it makes, media included', async () => {
    const tokenOf = async (key: { token: string }) => ({
      token: (await post('/v1/tokens', { userId: 'ana' }, key)).json.token as string,
    });
    const [ofAcme, ofBolt] = [await tokenOf(acme), await tokenOf(bolt)];
    const { media } = things.acme;
    expect((await get(`/v1/media/${media}`, ofAcme)).json).toMatchObject({ id: media, ownerId: 'ana' });
    expect((await get(`/v1/media/${media}`, ofBolt)).status).toBe(404);
    expect((await call('DELETE', `/v1/media/${media}`, ofBolt)).status).toBe(404);
    const listed = async (key: object) =>
      (await get('/v1/media', key)).json.items.map(({ id }: { id: string }) => id) as string[];
    expect(await listed(ofAcme)).toEqual([media]);
    expect(await listed({ ...bolt, headers: { 'x-acting-user': 'ana' } })).toEqual([things.bolt.media]);
    const own = { type: 'resize', payload: { width: 1, userId: 'ana' }, options: later };
    const { id } = (await post('/v1/jobs', own, acme)).json;
    expect((await get(`/v1/jobs/${id}`, ofAcme)).json).toMatchObject({ id, state: 'scheduled' });
    expect((await get(`/v1/jobs/${id}`, ofBolt)).status).toBe(404);
  });

  it('finds nothing of another tenant by any route that takes an id', async () => {
    const { json } = await get('/openapi.json');
    const hook = { url: 'https://hooks.example.com/', events: ['job.dead'] };
    const webhook = (await post('/v1/webhooks', hook, acme)).json.id;
    const { job, flow, operation, media } = things.acme;
    const tus = { 'x-acting-user': 'ana', 'tus-resumable': '1.0.0' };
    const begun = await call('POST', '/v1/uploads/tus', { ...acme, headers: { ...tus, 'upload-length': '10' } });
    expect(begun.status).toBe(201);
    const ids: Readonly<Record<string, string>> = {
      jobs: job,
      flows: flow,
      operations: operation,
      media,
      webhooks: webhook,
      uploads: begun.headers.get('location')?.split('/').at(-1) ?? '',
    };
    /** What fits, where a body has to; elsewhere an empty one does. */
    const bodies: Readonly<Record<string, unknown>> = {
      'post /v1/media/{id}/renditions': { avif: true },
      'patch /v1/media/{id}': { altText: 'A beach' },
    };
    const rows = Object.entries<Record<string, { 'x-tenant'?: string; requestBody?: unknown }>>(json.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).flatMap(([method, row]) => (/\{/.test(path) ? { method, path, ...row } : [])),
    );
    const held = rows.filter(
      (row) => row['x-tenant'] === 'own' && !`${row.method} ${row.path}`.startsWith('put /v1/schedules'),
    );
    expect(held.length).toBeGreaterThan(25);
    for (const { method, path, requestBody } of held) {
      const name = `${method} ${path}`;
      const [, , noun = ''] = path.split('/');
      const filled = path.replace('{name}', 'acme').replaceAll(/\{\w+\}/g, ids[noun] ?? '1');
      const body = requestBody ? { body: bodies[name] ?? {} } : {};
      const answer = await call(method.toUpperCase(), filled, {
        ...bolt,
        ...body,
        headers: tus,
      });
      // The answer to a HEAD has no body.
      const code = method === 'head' ? undefined : 'not_found';
      expect([name, answer.status, answer.json?.code]).toEqual([name, 404, code]);
    }
    expect((await get(`/v1/webhooks/${webhook}`, acme)).status).toBe(200);
  });

  it('is refused by what concerns all tenants', async () => {
    const { json } = await get('/openapi.json');
    const closed = Object.entries<Record<string, { 'x-tenant'?: string }>>(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, row]) => (row['x-tenant'] === 'closed' ? `${method} ${path}` : [])),
    );
    expect(closed.length).toBeGreaterThan(10);
    for (const name of closed) {
      const [method = '', path = ''] = name.split(' ');
      const headers = { 'x-acting-user': 'ana' };
      const answer = await call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '1'), { ...acme, headers });
      expect(answer, name).toMatchObject({ status: 403, json: { code: 'tenant_key' } });
    }
    expect(closed).toEqual(expect.arrayContaining(['get /v1/queues', 'post /v1/keys/{key}/pause', 'get /v1/workers']));
  });
});

/** Steering the fleet over HTTP: pauses with their audit, alarms, and back-pressure for one lane while the other accepts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { logIn } from '../support/pages.ts';
import { until } from '../support/stack.ts';

const ping = defineJob({ type: 'ping', lane: 'realtime', queue: 'fast', payload: z.object({}) });
const resize = defineJob({ type: 'resize', lane: 'bulk', queue: 'image', payload: z.object({}) });
const overrides = { catalog: { ping, resize }, handlers: () => ({ ping: async () => {}, resize: async () => {} }) };

let app: TestApp;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  app = await startTestApp({ worker: false, scheduler: false, settings: { TWOLANE_PRODUCT: 'none' }, overrides });
  call = caller(app.url);
});
afterAll(() => app?.stop());

const get = async (path: string) => (await call('GET', path, { token: apiKey })).json;
const send = (method: string, path: string, body?: unknown) => call(method, path, { token: apiKey, body });
const enqueue = (type: string) => send('POST', '/v1/jobs', { type, payload: {} });

describe('pauses', () => {
  it('of types and keys are set and lifted, listed, and written to the audit', async () => {
    expect((await send('POST', '/v1/job-types/ping/pause')).json).toEqual({ type: 'ping', paused: true });
    expect((await send('POST', '/v1/job-types/nothing/pause')).status).toBe(404);
    expect((await send('POST', '/v1/keys/post%3A7%2Fa/pause')).json).toEqual({ key: 'post:7/a', paused: true });
    expect((await get('/v1/pauses')).items.map((pause: { name: string }) => pause.name).sort()).toEqual([
      'ping',
      'post:7/a',
    ]);
    const { json: job } = await enqueue('ping');
    await until(
      'it says why it waits',
      async () => (await get(`/v1/jobs/${job.id}`)).reason === 'job type ping is paused',
    );
    const operator = await logIn(`${app.url}/ops`);
    const csrf = { 'x-csrf-token': operator.csrf };
    expect((await operator.call('/api/job-types/ping/resume', { method: 'POST', headers: csrf })).status).toBe(204);
    expect((await send('POST', '/v1/keys/post%3A7%2Fa/resume')).status).toBe(202);
    expect((await get('/v1/pauses')).items).toEqual([]);
    const { rows } = await app.twolane.database.query(
      'select actor, action, target, outcome from twolane.audit order by id',
    );
    expect(rows).toEqual([
      { actor: 'first', action: 'pause', target: 'type:ping', outcome: 'done' },
      { actor: 'first', action: 'pause', target: 'key:post:7/a', outcome: 'done' },
      { actor: 'admin', action: 'resume', target: 'type:ping', outcome: 'done' },
      { actor: 'first', action: 'resume', target: 'key:post:7/a', outcome: 'done' },
    ]);
  });
});

describe('back-pressure', () => {
  it('by age answers 429 with Retry-After for the lane in trouble while the other accepts', async () => {
    expect((await send('PATCH', '/v1/queues/bulk/image', { maxAgeMs: 200 })).json).toEqual({
      lane: 'bulk',
      queue: 'image',
      maxAgeMs: 200,
    });
    await weighing(undefined, async () => {
      const refused = await until('it refuses', async () => {
        const answer = await enqueue('resize');
        return answer.status === 429 ? answer : undefined;
      });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(refused.json).toMatchObject({ status: 429, code: 'queue_overloaded' });
      expect(refused.json.detail).toMatch(/bulk\/image takes no more jobs .* Try again in \d+ s/);
      expect((await enqueue('ping')).status).toBe(202);
      const bulk = {
        jobs: [
          { type: 'ping', payload: {} },
          { type: 'resize', payload: {} },
        ],
      };
      expect((await send('POST', '/v1/jobs/bulk', bulk)).status).toBe(429);
      expect((await get('/v1/alarms')).items).toMatchObject([{ code: 'queue_overloaded', target: 'bulk/image' }]);
      expect((await call('GET', '/metrics', { token: apiKey })).text).toMatch(
        /twolane_alarm\{code="queue_overloaded",target="bulk\/image"\} 1/,
      );
      await send('PATCH', '/v1/queues/bulk/image', { maxAgeMs: null });
      await until('it accepts again', async () => (await enqueue('resize')).status === 202);
    });
  });

  it('by the bytes of the ledger refuses bulk jobs first, and real-time ones when it is full', async () => {
    const { rows } = await app.twolane.database.query('select pg_database_size(current_database())::float8 as bytes');
    await weighing(Math.ceil(rows[0].bytes * 1.04), async () => {
      await until('bulk is refused', async () => (await enqueue('resize')).status === 429);
      expect((await enqueue('resize')).json).toMatchObject({ code: 'ledger_full' });
      expect((await enqueue('ping')).status).toBe(202);
    });
    await weighing(Math.floor(rows[0].bytes * 0.9), async () => {
      await until('both are refused', async () => (await enqueue('ping')).status === 429);
      expect((await enqueue('resize')).status).toBe(429);
    });
    await weighing(rows[0].bytes * 10, async () => {
      await until('both accept again', async () => (await enqueue('ping')).status === 202);
      expect((await enqueue('resize')).status).toBe(202);
    });
  }, 60_000);

  it('answers 507 and what to do when the disk of PostgreSQL is full', async () => {
    const { database } = app.twolane;
    await database.query(`
      create function public.no_room() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger no_room before insert on twolane.jobs for each row execute function public.no_room()`);
    const answer = await enqueue('ping');
    await database.query('drop trigger no_room on twolane.jobs');
    expect(answer.status).toBe(507);
    expect(answer.json).toMatchObject({ code: 'disk_full' });
    expect(answer.json.detail).toMatch(/make room there/);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await enqueue('ping')).status).toBe(202);
  });

  /** Has the queues weighed, by a scheduler that allows the ledger so many bytes. */
  async function weighing(maxBytes: number | undefined, check: () => Promise<void>): Promise<void> {
    const config = { ...app.config, TWOLANE_LEDGER_MAX_BYTES: maxBytes };
    const other: Twolane = createApp(config, { logger: app.twolane.logger, ...overrides });
    await other.start();
    const scheduler = other.scheduler();
    await scheduler.start();
    await check().finally(async () => {
      await scheduler.stop();
      await other.close();
    });
  }
});

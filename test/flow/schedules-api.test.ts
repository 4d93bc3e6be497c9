/** Schedules over HTTP: what may be written, what is told about a field that does not fit, and what the audit keeps. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ days: z.int().min(1) });
const report = defineJob({ type: 'report', lane: 'bulk', queue: 'reports', payload });
const sweep = defineJob({ type: 'sweep', lane: 'bulk', queue: 'reports', payload, internal: true });

let app: TestApp;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  app = await startTestApp({
    settings: { TWOLANE_PRODUCT: 'none' },
    overrides: {
      catalog: { report, sweep },
      handlers: () => ({ report: async () => undefined, sweep: async () => undefined }),
    },
  });
  call = caller(app.url);
});
afterAll(() => app.stop());

const send = (method: string, path: string, body?: unknown) =>
  call(method, `/v1/schedules${path}`, { token: apiKey, body });
const nightly = { type: 'report', payload: { days: 1 }, cron: '30 2 * * *', timeZone: 'Europe/Berlin' };

describe('PUT /v1/schedules/:name', () => {
  test('makes a schedule, replaces it, and GET tells when it runs', async () => {
    const made = await send('PUT', '/nightly', { ...nightly, description: 'The report of yesterday' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      name: 'nightly',
      lane: 'bulk',
      state: 'active',
      words: 'At 02:30 (Europe/Berlin)',
      missed: 'run-once',
      overlap: 'allow',
      lastRun: null,
      updatedBy: 'first',
    });
    expect(made.json.nextRuns).toHaveLength(5);
    for (const slot of made.json.nextRuns) {
      const local = new Date(slot).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' });
      expect(['02:30:00', '03:00:00']).toContain(local);
    }
    const replaced = await send('PUT', '/nightly', { type: 'report', payload: { days: 7 }, everyMs: 604_800_000 });
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({ cron: null, words: 'Every 7 days', payload: { days: 7 }, description: '' });
    expect((await send('GET', '/nightly')).json).toEqual(replaced.json);
    expect((await send('GET', '')).json).toEqual({ items: [replaced.json], nextCursor: null });
  });

  test.each([
    ['a bad cron', { cron: '61 2 * * *' }, '/cron', /give five fields/],
    ['a zone that is none', { timeZone: 'Berlin' }, '/timeZone', /did you mean Europe\/Berlin/],
    ['cron and an interval', { everyMs: 60_000 }, '/everyMs', /not both/],
    ['a payload that does not fit', { payload: { days: 0 } }, '/payload/days', />=1/],
    ['an unknown type', { type: 'nothing' }, '/type', /no job type/],
    ['an unknown rule', { missed: 'sometimes' }, '/missed', /skip/],
    ['an interval below a second', { cron: null, everyMs: 5 }, '/everyMs', />=1000/],
    ['an unknown field', { crom: '* * * * *' }, '/crom', /not known/],
  ])('refuses %s and names the field', async (_what, changes, pointer, detail) => {
    const refused = await send('PUT', '/refused', { ...nightly, ...changes });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toMatchObject([{ pointer, detail: expect.stringMatching(detail) }]);
    expect((await send('GET', '/refused')).status).toBe(404);
  });

  test('refuses job types that only our own code may enqueue, and names that can not be', async () => {
    expect((await send('PUT', '/sweep', { ...nightly, type: 'sweep' })).status).toBe(403);
    expect((await send('PUT', '/No%20Name', nightly)).status).toBe(422);
  });
});

describe('POST /v1/schedules/:name/…', () => {
  test('run enqueues at once and is the last run; pause and resume do what they say', async () => {
    await send('PUT', '/steered', { ...nightly, enabled: false });
    const ran = await send('POST', '/steered/run');
    expect(ran.status).toBe(202);
    expect(ran.headers.get('location')).toBe(`/v1/jobs/${ran.json.id}`);
    await until('it has run', async () => (await send('GET', '/steered')).json.lastRun.state === 'succeeded');
    const jobs = await call('GET', '/v1/jobs?schedule=steered', { token: apiKey });
    expect(jobs.json.items).toMatchObject([{ id: ran.json.id }]);
    const searched = await call('GET', '/v1/jobs?q=schedule:steered', { token: apiKey });
    expect(searched.json.items).toHaveLength(1);

    expect((await send('POST', '/steered/resume')).json).toMatchObject({ state: 'active', enabled: true });
    expect((await send('POST', '/steered/pause')).json).toMatchObject({ state: 'paused', nextRuns: [] });
    expect((await send('PUT', '/steered', nightly)).json).toMatchObject({ state: 'paused' });
    expect((await send('POST', '/nobody/run')).status).toBe(404);
  });

  test('every change is in the audit, with who made it and what was there before', async () => {
    await send('PUT', '/audited', nightly);
    await send('PUT', '/audited', { ...nightly, cron: '@hourly' });
    for (const action of ['run', 'pause', 'resume']) await send('POST', `/audited/${action}`);
    expect((await send('DELETE', '/audited')).status).toBe(204);
    expect((await send('DELETE', '/audited')).status).toBe(404);
    const { rows } = await app.twolane.database.query(
      "select actor, action, detail, outcome from twolane.audit where target = 'schedule/audited' order by id",
    );
    expect(rows.map((row) => row.action)).toEqual([
      'set-schedule',
      'set-schedule',
      'run-schedule',
      'pause-schedule',
      'resume-schedule',
      'delete-schedule',
    ]);
    expect(rows[1]).toMatchObject({ actor: 'first', outcome: 'done' });
    expect(rows[1].detail).toMatchObject({ from: { cron: '30 2 * * *' }, to: { cron: '@hourly' } });
  });

  test('a key needs the scope', async () => {
    const token = 'a-key-that-may-only-read-schedules-1';
    await setApiKey(app.twolane.database, 'reader', token, ['schedules:read']);
    expect((await call('GET', '/v1/schedules', { token })).status).toBe(200);
    expect((await call('PUT', '/v1/schedules/x', { token, body: nightly })).status).toBe(403);
    expect((await call('POST', '/v1/schedules/nightly/run', { token })).status).toBe(403);
    expect((await call('GET', '/v1/schedules')).status).toBe(401);
  });
});

/** What an operator sees and does: the overview, the list, and changes that the audit remembers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Overview } from '../../../dashboard/overview.ts';
import { processImageJob } from '../../../jobs/bulk/process-image.job.ts';
import { catalogFor } from '../../../jobs/catalog.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { type Catalog, defineJob, defineSchedule } from '../../../src/contract/index.ts';
import { addOperator } from '../../../src/http/auth/operators.ts';
import { operatorPassword, startTestApp, type TestApp } from '../../support/app.ts';
import { dataCalls } from '../../support/dashboard-calls.ts';
import { jsonOf, logIn, type OperatorClient } from '../../support/pages.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
let operator: OperatorClient;

beforeAll(async () => {
  const settings = { TWOLANE_TRACE_URL: 'https://traces.example/{traceId}' };
  const catalog = { ...catalogFor('social'), note } as Catalog;
  app = await startTestApp({ worker: false, scheduler: false, settings, overrides: { catalog } });
  operator = await logIn(`${app.url}/ops`);
});

afterAll(() => app?.stop());

const note = defineJob({ type: 'note', lane: 'bulk', queue: 'notes', payload: z.string() });
const like = { kind: 'like' as const, actorId: '1', recipientId: '2', objectId: '3' };

describe('an operator', () => {
  test('a job is cancelled, and the audit says by whom and how it went', async () => {
    const { id } = await app.twolane.enqueue(notify, like, { delayMs: 3_600_000 });
    expect((await act(`/api/jobs/${id}/cancel`)).status).toBe(202);
    expect(await jsonOf(operator.call(`/api/jobs/${id}`))).toMatchObject({ state: 'cancelled' });
    const again = await act(`/api/jobs/${id}/cancel`);
    expect([again.status, (await jsonOf(again)).code]).toEqual([409, 'already_final']);
    expect(await audit(id)).toEqual([
      { actor: 'admin', action: 'cancel', outcome: 'done' },
      { actor: 'admin', action: 'cancel', outcome: 'already_final' },
    ]);
  });

  test('a payload that does not fit is refused with the field, and nothing is retried', async () => {
    const { id } = await app.twolane.enqueue(notify, like, { delayMs: 3_600_000 });
    const answer = await act(`/api/jobs/${id}/retry`, { payload: {} });
    expect(answer.status).toBe(422);
    const { code, errors } = await jsonOf(answer);
    expect(code).toBe('invalid_payload');
    expect(errors[0].pointer).toMatch(/^\/payload\/\w+/);
    expect(await jsonOf(operator.call(`/api/jobs/${id}`))).toMatchObject({ state: 'scheduled' });
  });

  test('a payload that is a text is shown as the JSON text that it is', async () => {
    const { id } = await app.twolane.enqueue(note, 'after the tap', { delayMs: 3_600_000 });
    const answer = await operator.call(`/api/jobs/${id}/payload`);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'application/json; charset=utf-8',
      '"after the tap"',
    ]);
  });

  test('the pages know where a trace can be looked at', async () => {
    expect(await jsonOf(operator.call('/api/session'))).toMatchObject({ traceUrl: 'https://traces.example/{traceId}' });
  });

  test('a queue is paused and resumed', async () => {
    for (const [action, paused] of [
      ['pause', true],
      ['resume', false],
    ] as const) {
      expect((await act(`/api/queues/bulk/${processImageJob.queue}/${action}`)).status).toBe(204);
      await until(`the queue is ${action}d`, async () => {
        const { queues } = (await jsonOf(operator.call('/api/overview'))) as Overview;
        const queue = queues.find(({ lane, queue }) => lane === 'bulk' && queue === processImageJob.queue);
        return queue?.paused === paused;
      });
    }
  });

  test('the overview shows both lanes, the servers, and every job accounted for', async () => {
    await app.twolane.database.query('select twolane.count_books(1, true)');
    const overview: Overview = await until('both lanes are up', async () => {
      const seen: Overview = await jsonOf(operator.call('/api/overview'));
      return seen.books && seen.lanes.filter(({ up }) => up).length === 2 ? seen : undefined;
    });
    expect(overview.errors).toEqual([]);
    expect(overview.lanes.map(({ name }) => name)).toEqual(['realtime', 'bulk']);
    expect(new Set(overview.queues.map(({ lane }) => lane))).toEqual(new Set(['realtime', 'bulk']));
    expect(overview.books?.unaccounted).toBe(0);
    expect(overview.database?.version).toMatch(/^\d+/);
    expect(overview.database?.walBytes).toBeGreaterThan(0);
    expect(overview.lanes.map(({ disk }) => (disk?.used ?? -1) >= 0)).toEqual([false, true]);
  });

  test('the live overview begins at once and goes on', async () => {
    const over = new AbortController();
    const answer = await operator.call('/api/overview/events', { signal: over.signal });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events: string[] = [];
    for await (const chunk of answer.body ?? []) {
      events.push(...(new TextDecoder().decode(chunk).match(/^event: overview$/gm) ?? []));
      if (events.length >= 2) break;
    }
    over.abort();
    expect(events.length).toBeGreaterThanOrEqual(2);
  });

  test('every call of the route table that changes something writes one line of the audit', async () => {
    const { definition } = defineSchedule({ name: 'nightly', job: note, payload: 'x', cron: '30 2 * * *' });
    await app.twolane.schedules.put('nightly', definition, { actor: 'test' });
    const changing = dataCalls().filter(([method]) => method !== 'GET');
    expect(changing.length).toBeGreaterThan(12);
    for (const [method, path] of changing) {
      const before = await newestLine();
      const answer = await act(path, bodies[path] ?? {}, method);
      expect([method, path, answer.status]).not.toEqual([method, path, 422]);
      const lines = await linesAfter(before);
      expect([method, path, lines]).toEqual([method, path, [{ actor: 'admin', told: true }]]);
    }
  });

  test('a viewer sees where alerts are told, but no URL that would let him write there', async () => {
    const { database } = app.twolane;
    const whole = 'https://chat.example/a-secret';
    await database.query(`insert into twolane.alert_channels (kind, url, created_by) values ('webhook', $1, 'admin')`, [
      whole,
    ]);
    await addOperator(database, { name: 'val', role: 'viewer', password: 'vals-password' });
    const viewer = await logIn(`${app.url}/ops`, 'val', 'vals-password');
    const seen = async (who: OperatorClient) => JSON.stringify((await jsonOf(who.call('/api/alerts'))).channels);
    expect(await seen(operator)).toContain(whole);
    expect(await seen(viewer)).toContain('"https://chat.example"');
    expect(await seen(viewer)).not.toContain('a-secret');
  });

  test('the audit is read by who, what and how it went, page by page', async () => {
    const page = async (query: string) => jsonOf(operator.call(`/api/audit?${query}`));
    const all = (await page('limit=500')).items as { id: string; actor: string; action: string; outcome: string }[];
    const refused = (await page('limit=500&outcome=refused&actor=admin')).items;
    expect(refused).toEqual(all.filter(({ outcome, actor }) => outcome !== 'done' && actor === 'admin'));
    const paused = all.filter(({ action }) => action === 'pause').map(({ id }) => id);
    const first = await page('action=pause&limit=1');
    const rest = await page(`action=pause&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(paused);
    expect(paused.length).toBeGreaterThan(1);
    expect((await operator.call('/api/audit?cursor=x')).status).toBe(422);
  });

  test('the list follows its filter, page by page, and names a word that it does not know', async () => {
    const made = await app.twolane.enqueueMany(
      Array.from({ length: 3 }, () => ({ job: notify, payload: like, options: { delayMs: 60_000, key: 'list' } })),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await operator.call(`/api/jobs?key=list&state=scheduled&limit=2${cursor}`);
      const { items, nextCursor } = (await jsonOf(answer)) as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor ? `&cursor=${nextCursor}` : '';
    } while (cursor);
    expect(seen.sort()).toEqual(made.map(({ id }) => id).sort());
    const refused = await operator.call('/api/jobs?colour=red');
    expect([refused.status, (await jsonOf(refused)).errors[0].pointer]).toEqual([422, '/query/colour']);
  });
});

/** Bodies that the walk through the route table needs. */
const bodies: Readonly<Record<string, unknown>> = {
  '/api/operations': { action: 'discard', filter: { type: 'note' } },
  '/api/media/poison/rerun': { kind: 'image', code: 'not_an_image' },
  '/api/silences': { kind: null, target: null, reason: 'maintenance', minutes: 5 },
  '/api/alert-rules': { kind: 'oldest_age', target: null, threshold: 3, forS: 60, enabled: true },
  '/api/alert-rules/drop': { kind: 'oldest_age', target: null },
  '/api/alert-channels': { url: 'https://alerts.example/hook' },
  '/api/alert-browsers': { endpoint: 'https://push.example/1', keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) } },
  '/api/alert-browsers/remove': { endpoint: 'https://push.example/1' },
  '/api/password': { old: operatorPassword, next: operatorPassword },
  '/api/keys': { name: 'nightly', scopes: ['jobs:read'] },
  '/api/keys/nightly/rotate': { overlapHours: 1 },
  '/api/operators': { name: 'nightly', role: 'viewer', password: 'a long enough password' },
  '/api/operators/nightly/set': { role: 'operator' },
  '/api/schedules/nightly/times': { cron: '0 9 * * *', timeZone: 'UTC', everyMs: null },
};

async function newestLine(): Promise<string> {
  const { rows } = await app.twolane.database.query('select coalesce(max(id), 0) as id from twolane.audit');
  return rows[0]?.id;
}

async function linesAfter(id: string): Promise<unknown[]> {
  const { rows } = await app.twolane.database.query(
    'select actor, outcome is not null as told from twolane.audit where id > $1',
    [id],
  );
  return rows;
}

function act(path: string, body: unknown = {}, method = 'POST'): Promise<Response> {
  const headers = { 'x-csrf-token': operator.csrf, 'content-type': 'application/json' };
  return operator.call(path, { method, headers, body: JSON.stringify(body) });
}

async function audit(target: string): Promise<unknown[]> {
  const { rows } = await app.twolane.database.query(
    'select actor, action, outcome from twolane.audit where target = $1 order by id',
    [target],
  );
  return rows;
}

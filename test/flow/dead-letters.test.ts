/** Dead letters over HTTP: groups, edits that stay readable, discards and operations that are undone, and what the audit says of all that. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runOperation } from '../../jobs/bulk/run-operation.handler.ts';
import { runOperationJob } from '../../jobs/bulk/run-operation.job.ts';
import { defineJob, NonRetryableError } from '../../src/contract/index.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller, type TestServer } from '../support/http.ts';
import { until } from '../support/stack.ts';

const payload = z.strictObject({ to: z.string(), mended: z.boolean().default(false) });
const send = defineJob({ type: 'send-letter', lane: 'bulk', queue: 'letters', payload });

describe('Dead letters over HTTP', () => {
  let app: TestApp;
  let call: TestServer['call'];
  const ids: string[] = [];
  const post = (path: string, body?: unknown) => call('POST', path, { token: apiKey, body });
  const get = async (path: string) => (await call('GET', path, { token: apiKey })).json;
  const reaches = (path: string, field: string, value: unknown) =>
    until(`${path} has ${field} ${value}`, async () => {
      const seen = await get(path);
      return seen[field] === value ? seen : undefined;
    });

  beforeAll(async () => {
    app = await startTestApp({
      overrides: {
        catalog: { [send.type]: send, [runOperationJob.type]: runOperationJob },
        handlers: ({ operations }) => ({
          'send-letter': async ({ mended }: z.output<typeof payload>) => {
            if (!mended) throw new NonRetryableError('No such address', { code: 'no_address' });
          },
          'run-operation': runOperation(operations),
        }),
        product: undefined,
      },
    });
    call = caller(app.url);
    for (const to of ['ann', 'bob', 'cid']) ids.push((await app.twolane.enqueue(send, { to })).id);
    for (const id of ids) await reaches(`/v1/jobs/${id}`, 'state', 'dead');
  });
  afterAll(() => app?.stop());

  it('lists groups, and the jobs of one', async () => {
    const { items, nextCursor } = await get(
      '/v1/dead?type=send-letter&lane=bulk&queue=letters&since=2020-01-01T00:00:00Z',
    );
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([{ type: 'send-letter', queue: 'letters', count: 3, sampleId: ids[2] }]);
    const jobs = await get(`/v1/jobs?fingerprint=${items[0].fingerprint}`);
    expect(jobs.items.map((job: { id: string }) => job.id)).toEqual(ids.toReversed());
    const byText = async (q: string) =>
      (await get(`/v1/jobs?q=${encodeURIComponent(q)}`)).items.map((job: { id: string }) => job.id);
    expect(await byText('error:"no SUCH address" state:dead')).toEqual(ids.toReversed());
    expect(await byText('error:"such address"')).toEqual([]);
    expect((await get('/v1/dead?type=other')).items).toEqual([]);
    expect((await get('/v1/dead?cursor=nonsense')).code).toBe('invalid_cursor');
  });

  it('keeps what an edit replaced, and names only the fields in the audit', async () => {
    const refused = await post(`/v1/jobs/${ids[0]}/retry`, { payload: { to: 1 } });
    expect([refused.status, refused.json.errors[0].pointer]).toEqual([422, '/payload/to']);
    expect((await post(`/v1/jobs/${ids[0]}/retry`, { payload: { to: 'anne', mended: true } })).status).toBe(202);
    await reaches(`/v1/jobs/${ids[0]}`, 'state', 'succeeded');
    const { items } = await get(`/v1/jobs/${ids[0]}/audit`);
    expect(items).toMatchObject([
      { action: 'retry', outcome: 'done', detail: { edited: ['/to', '/mended'] }, previousPayload: { to: 'ann' } },
    ]);
    expect(items[0].actor).toEqual(expect.any(String));
  });

  it('restores a discarded job', async () => {
    expect((await post(`/v1/jobs/${ids[1]}/discard`)).json).toMatchObject({ state: 'cancelled' });
    expect((await post(`/v1/jobs/${ids[1]}/restore`)).json).toMatchObject({ state: 'dead' });
    const again = await post(`/v1/jobs/${ids[1]}/restore`);
    expect([again.status, again.json.code]).toEqual([409, 'not_restorable']);
    const { items } = await get(`/v1/jobs/${ids[1]}/audit`);
    expect(items.map(({ action, outcome }: { action: string; outcome: string }) => [action, outcome])).toEqual([
      ['restore', 'not_restorable'],
      ['restore', 'done'],
      ['discard', 'done'],
    ]);
  });

  it('shows what an operation would do, makes it, undoes it, and remembers who asked', async () => {
    const filter = { type: 'send-letter', payload: { to: 'cid' } };
    const preview = await post('/v1/operations', { action: 'discard', filter, dryRun: true });
    expect([preview.status, preview.json.matched, preview.json.samples[0].id]).toEqual([200, 1, ids[2]]);
    const started = await post('/v1/operations', { action: 'discard', filter });
    expect(started.status).toBe(202);
    const path = `/v1/operations/${started.json.id}`;
    expect(await reaches(path, 'status', 'done')).toMatchObject({ moved: 1, action: 'discard' });
    expect((await post(`${path}/undo`)).status).toBe(202);
    await reaches(path, 'status', 'undone');
    expect(await get(`/v1/jobs/${ids[2]}`)).toMatchObject({ state: 'dead' });
    expect((await get('/v1/operations?limit=1')).items).toMatchObject([{ id: started.json.id }]);
    const { rows } = await app.twolane.database.query(
      'select action, detail, outcome from twolane.audit where target = $1 order by id',
      [started.json.id],
    );
    expect(rows).toEqual([
      { action: 'operation.discard', detail: { filter: { type: 'send-letter', payload: ['to'] } }, outcome: 'done' },
      { action: 'operation.undo', detail: null, outcome: 'done' },
    ]);
  });

  it('stops a redrive that fails again, and refuses what makes no sense', async () => {
    const started = await post('/v1/operations', {
      action: 'redrive',
      filter: { type: 'send-letter' },
      stages: [1, '50%', 'all'],
    });
    expect(await reaches(`/v1/operations/${started.json.id}`, 'status', 'stopped')).toMatchObject({
      moved: 1,
      matched: 2,
    });
    const over = await call('DELETE', `/v1/operations/${started.json.id}`, { token: apiKey });
    expect([over.status, over.json.code]).toEqual([409, 'operation_over']);
    expect((await call('DELETE', '/v1/operations/42', { token: apiKey })).status).toBe(404);
    const wrong = [
      { action: 'redrive', filter: {} },
      { action: 'cancel', filter: { error: 'x' } },
      { action: 'discard', filter: { type: 'x' }, stages: [1] },
      { action: 'redrive', filter: { type: 'x' }, stages: ['all', 1] },
      { action: 'redrive', filter: { type: 'x' }, stages: ['0'] },
    ];
    for (const body of wrong) expect((await post('/v1/operations', body)).status).toBe(422);
  });
});

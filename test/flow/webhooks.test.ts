/** Webhooks over HTTP: what happened reaches a receiver that verifies it, and only one that may hear of it. */

import { describe, expect, it } from 'vitest';
import { apiKey } from '../support/app.ts';
import type { Received } from '../support/receiver.ts';
import { until } from '../support/stack.ts';
import { hidden, make, say, useWebhookApp } from '../support/webhook-app.ts';

const hooks = useWebhookApp();
const { call, post, get, listen, came, log, verify, tenantKey } = hooks;

describe('Webhooks', () => {
  it('tells how jobs of both lanes ended, signed, with their metadata and nothing of what they held', async () => {
    const all = ['job.succeeded', 'job.dead', 'job.cancelled'];
    const { id, secret } = await listen('/all', { events: all });
    const metadata = { order: 7 };
    const ids = new Map<string, string>();
    for (const job of [say, make]) {
      ids.set(`${job.type} succeeded`, (await hooks.app.twolane.enqueue(job, { secret: '1234' }, { metadata })).id);
      ids.set(`${job.type} dead`, (await hooks.app.twolane.enqueue(job, { secret: '1234', fails: true })).id);
      const later = await hooks.app.twolane.enqueue(job, { secret: '1234' }, { delayMs: 60_000 });
      ids.set(`${job.type} cancelled`, later.id);
      await hooks.app.twolane.operations.cancel(later.id, 'not wanted');
    }
    await hooks.app.twolane.enqueue(hidden, { secret: '1234' });
    const events = (await came('/all', 6)).map((one) => verify(secret, one) as Received['json']);
    expect(new Map(events.map(({ data }) => [`${data.type} ${data.state}`, data.id]))).toEqual(ids);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(all));
    const one = (type: string, state: string) => events.find(({ data }) => data.type === type && data.state === state);
    expect(one('say', 'succeeded')).toEqual({
      type: 'job.succeeded',
      timestamp: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
      data: {
        id: ids.get('say succeeded'),
        type: 'say',
        state: 'succeeded',
        tenant: null,
        attempt: 1,
        reason: null,
        error: null,
        metadata,
      },
    });
    expect(one('make', 'dead').data).toMatchObject({
      error: { name: 'NonRetryableError', code: 'no_luck' },
      metadata: null,
    });
    expect(one('make', 'cancelled').data.reason).toBe('not wanted');
    expect(hooks.receiver.at('/all').every(({ body }) => !/1234|a result/.test(body))).toBe(true);
    expect(new Set(hooks.receiver.at('/all').map(({ headers }) => headers['webhook-id'])).size).toBe(6);
    await until('all are delivered', async () =>
      (await log(id)).every(({ state }: { state: string }) => state === 'delivered'),
    );
    const [delivery] = await log(id);
    expect(delivery.attempts).toEqual([
      { at: expect.any(String), durationMs: expect.any(Number), status: 204, error: null },
    ]);
    expect((await call('DELETE', `/v1/webhooks/${id}`, { token: apiKey })).status).toBe(204);
    expect((await call('GET', `/v1/webhooks/${id}`, { token: apiKey })).status).toBe(404);
  });

  it('writes an event with the outcome or not at all, and none that nobody wants to hear', async () => {
    const { id } = await listen('/made', { events: ['job.cancelled'], jobTypes: ['make'] });
    const [made, said] = await Promise.all(
      [make, say].map((job) => hooks.app.twolane.enqueue(job, { secret: '' }, { delayMs: 60_000 })),
    );
    const undone = hooks.app.twolane.database.transaction(async (tx) => {
      await tx.query('select twolane.cancel(array[$1::bigint], $2)', [made?.id, 'undone']);
      const { rows } = await tx.query('select data from twolane.webhook_outbox');
      expect(rows).toMatchObject([{ data: { id: made?.id } }]);
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    for (const job of [said, made]) await hooks.app.twolane.operations.cancel(job?.id ?? '', 'done');
    await came('/made');
    expect(hooks.receiver.at('/made').map(({ json }) => json.data)).toMatchObject([{ id: made?.id, reason: 'done' }]);
    await call('DELETE', `/v1/webhooks/${id}`, { token: apiKey });
    await hooks.app.twolane.operations.cancel(
      (await hooks.app.twolane.enqueue(make, { secret: '' }, { delayMs: 60_000 })).id,
    );
    const { rows } = await hooks.app.twolane.database.query(
      'select * from twolane.webhook_listening, twolane.webhook_outbox',
    );
    expect(rows).toEqual([]);
  });

  it('keeps tenants apart: their jobs, their webhooks, their logs', async () => {
    const own = await listen('/acme', { events: ['job.succeeded'] }, tenantKey);
    const other = await listen('/other', { events: ['job.succeeded'], tenant: 'other' });
    const jobs = await Promise.all(
      ['acme', 'other', undefined].map((tenant) => hooks.app.twolane.enqueue(say, { secret: '' }, { tenant })),
    );
    await Promise.all([came('/acme'), came('/other')]);
    expect(hooks.receiver.at('/acme').map(({ json }) => json.data.id)).toEqual([jobs[0]?.id]);
    expect(hooks.receiver.at('/other').map(({ json }) => json.data.id)).toEqual([jobs[1]?.id]);
    expect((await get('/v1/webhooks', tenantKey)).items).toMatchObject([{ id: own.id, tenant: 'acme' }]);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
    ] as const) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      expect([
        path,
        (await call(method, `/v1/webhooks/${other.id}${path}`, { token: tenantKey, body })).status,
      ]).toEqual([path, 404]);
    }
    const foreign = await post(
      '/v1/webhooks',
      { url: hooks.receiver.url, events: ['job.dead'], tenant: 'other' },
      tenantKey,
    );
    expect([foreign.status, foreign.json.code]).toEqual([403, 'forbidden']);
    for (const { id } of [own, other]) await call('DELETE', `/v1/webhooks/${id}`, { token: apiKey });
  });

  it('refuses what makes no sense before anything is written', async () => {
    const fine = { url: hooks.receiver.url, events: ['job.dead'] };
    for (const [wrong, pointer] of [
      [{ ...fine, url: 'https://169.254.169.254/' }, '/url'],
      [{ ...fine, url: 'ftp://example.com/' }, '/url'],
      [{ ...fine, url: 'nonsense' }, '/url'],
      [{ ...fine, events: ['job.unheard-of'] }, '/events/0'],
      [{ ...fine, jobTypes: ['deliver-webhook'] }, '/jobTypes/0'],
      [{ ...fine, more: 1 }, '/more'],
    ] as const) {
      const refused = await post('/v1/webhooks', wrong);
      expect([refused.status, refused.json.errors?.[0]?.pointer ?? '']).toEqual([422, pointer]);
    }
    expect((await call('GET', '/v1/webhooks')).status).toBe(401);
    expect((await post('/v1/webhooks', fine, 'no-key')).status).toBe(401);
  });
});

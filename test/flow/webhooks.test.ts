/** Webhooks over HTTP: what happened reaches a receiver that verifies it, once or more and never less, whatever the receiver does. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deliverWebhookHandler } from '../../jobs/realtime/deliver-webhook.handler.ts';
import { deliverWebhook, deliverWebhookInOrder } from '../../jobs/realtime/deliver-webhook.job.ts';
import { defineJob, NonRetryableError } from '../../src/contract/index.ts';
import { setApiKey } from '../../src/http/auth/seed.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller, type TestServer } from '../support/http.ts';
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ secret: z.string(), fails: z.boolean().default(false) });
const say = defineJob({ type: 'say', lane: 'realtime', queue: 'talk', payload, result: z.string() });
const make = defineJob({ type: 'make', lane: 'bulk', queue: 'work', payload, result: z.string() });
const hidden = defineJob({ type: 'hidden', lane: 'bulk', queue: 'work', payload, result: z.string(), internal: true });

describe('Webhooks', () => {
  let app: TestApp;
  let call: TestServer['call'];
  let receiver: Receiver;
  const tenantKey = 'key-of-tenant-acme-with-32-characters';
  const post = (path: string, body?: unknown, token = apiKey) => call('POST', path, { token, body });
  const get = async (path: string, token = apiKey) => (await call('GET', path, { token })).json;
  const patch = (path: string, body: unknown) => call('PATCH', path, { token: apiKey, body });

  /** A webhook at a path of its own, so that every test sees only what is meant for it. */
  async function listen(path: string, settings: object, token = apiKey): Promise<{ id: string; secret: string }> {
    const made = await post('/v1/webhooks', { url: receiver.url + path, ...settings }, token);
    expect([made.status, made.json.secret]).toEqual([201, expect.stringMatching(/^whsec_[\w+/=]{43,44}$/)]);
    return made.json;
  }
  const came = (path: string, count = 1) =>
    until(`${count} came to ${path}`, () => (receiver.at(path).length < count ? undefined : receiver.at(path)));
  const log = async (id: string) => (await get(`/v1/webhooks/${id}/deliveries`)).items;
  const newest = (id: string, state: string) =>
    until(`the newest delivery is ${state}`, async () => {
      const [found] = await log(id);
      return found?.state === state && found;
    });
  /** Runs the next attempt of a delivery now instead of in some seconds, minutes or hours. */
  const hurry = async (jobId: string) => {
    await until(
      `job ${jobId} waits for its next attempt`,
      async () => (await get(`/v1/jobs/${jobId}`)).state === 'scheduled',
    );
    await post(`/v1/jobs/${jobId}/retry`);
  };
  const verify = (secret: string, { headers, body }: Received) => new Webhook(secret).verify(body, headers);

  beforeAll(async () => {
    receiver = await startReceiver();
    const work = async ({ fails }: z.output<typeof payload>) => {
      if (fails) throw new NonRetryableError('the secret is 1234', { code: 'no_luck' });
      return 'a result';
    };
    app = await startTestApp({
      settings: {
        TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
        TWOLANE_WEBHOOK_PATIENCE_MS: '200',
        TWOLANE_WEBHOOK_FAILURES: '4',
        TWOLANE_PRODUCT: 'none',
      },
      overrides: {
        catalog: Object.fromEntries(
          [say, make, hidden, deliverWebhook, deliverWebhookInOrder].map((job) => [job.type, job]),
        ),
        handlers: ({ webhooks }) => ({
          ...{ say: work, make: work, hidden: work },
          'deliver-webhook': deliverWebhookHandler(webhooks),
          'deliver-webhook-in-order': deliverWebhookHandler(webhooks),
        }),
      },
    });
    call = caller(app.url);
    await setApiKey(app.twolane.database, 'acme', tenantKey, ['*'], 'acme');
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  it('tells how jobs of both lanes ended, signed, with their metadata and nothing of what they held', async () => {
    const all = ['job.succeeded', 'job.dead', 'job.cancelled'];
    const { id, secret } = await listen('/all', { events: all });
    const metadata = { order: 7 };
    const ids = new Map<string, string>();
    for (const job of [say, make]) {
      ids.set(`${job.type} succeeded`, (await app.twolane.enqueue(job, { secret: '1234' }, { metadata })).id);
      ids.set(`${job.type} dead`, (await app.twolane.enqueue(job, { secret: '1234', fails: true })).id);
      const later = await app.twolane.enqueue(job, { secret: '1234' }, { delayMs: 60_000 });
      ids.set(`${job.type} cancelled`, later.id);
      await app.twolane.operations.cancel(later.id, 'not wanted');
    }
    await app.twolane.enqueue(hidden, { secret: '1234' });
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
    expect(receiver.at('/all').every(({ body }) => !/1234|a result/.test(body))).toBe(true);
    expect(new Set(receiver.at('/all').map(({ headers }) => headers['webhook-id'])).size).toBe(6);
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
      [make, say].map((job) => app.twolane.enqueue(job, { secret: '' }, { delayMs: 60_000 })),
    );
    const undone = app.twolane.database.transaction(async (tx) => {
      await tx.query('select twolane.cancel(array[$1::bigint], $2)', [made?.id, 'undone']);
      const { rows } = await tx.query('select data from twolane.webhook_outbox');
      expect(rows).toMatchObject([{ data: { id: made?.id } }]);
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    for (const job of [said, made]) await app.twolane.operations.cancel(job?.id ?? '', 'done');
    await came('/made');
    expect(receiver.at('/made').map(({ json }) => json.data)).toMatchObject([{ id: made?.id, reason: 'done' }]);
    await call('DELETE', `/v1/webhooks/${id}`, { token: apiKey });
    await app.twolane.operations.cancel((await app.twolane.enqueue(make, { secret: '' }, { delayMs: 60_000 })).id);
    const { rows } = await app.twolane.database.query(
      'select * from twolane.webhook_listening, twolane.webhook_outbox',
    );
    expect(rows).toEqual([]);
  });

  it('keeps tenants apart: their jobs, their webhooks, their logs', async () => {
    const own = await listen('/acme', { events: ['job.succeeded'] }, tenantKey);
    const other = await listen('/other', { events: ['job.succeeded'], tenant: 'other' });
    const jobs = await Promise.all(
      ['acme', 'other', undefined].map((tenant) => app.twolane.enqueue(say, { secret: '' }, { tenant })),
    );
    await Promise.all([came('/acme'), came('/other')]);
    expect(receiver.at('/acme').map(({ json }) => json.data.id)).toEqual([jobs[0]?.id]);
    expect(receiver.at('/other').map(({ json }) => json.data.id)).toEqual([jobs[1]?.id]);
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
    const foreign = await post('/v1/webhooks', { url: receiver.url, events: ['job.dead'], tenant: 'other' }, tenantKey);
    expect([foreign.status, foreign.json.code]).toEqual([403, 'forbidden']);
    for (const { id } of [own, other]) await call('DELETE', `/v1/webhooks/${id}`, { token: apiKey });
  });

  it('repeats what failed under the same id, and comes back when the receiver says', async () => {
    receiver.answerNext(
      '/shaky',
      { status: 500 },
      { status: 503, headers: { 'retry-after': '120' } },
      { status: 302, headers: { location: '/' } },
    );
    const { id, secret } = await listen('/shaky', { events: ['job.succeeded'] });
    const sent = (await post(`/v1/webhooks/${id}/test`)).json;
    expect(sent).toMatchObject({ event: 'webhook.test', state: 'pending', attempts: [] });
    await hurry(sent.jobId);
    await came('/shaky', 2);
    const waiting = await until('the wish is noted', async () => {
      const job = await get(`/v1/jobs/${sent.jobId}`);
      return job.state === 'scheduled' && job.attempts.length === 2 && job;
    });
    const due = await app.twolane.database.query('select due_at from twolane.live where id = $1', [waiting.id]);
    expect(due.rows[0].due_at - Date.now()).toBeGreaterThan(100_000);
    await hurry(sent.jobId);
    await came('/shaky', 3);
    await hurry(sent.jobId);
    const delivery = await newest(id, 'delivered');
    expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([500, 503, 302, 204]);
    const all = receiver.at('/shaky');
    expect(new Set(all.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.webhookId]));
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(all.map((one) => verify(secret, one))).toHaveLength(4);
    expect(await get(`/v1/webhooks/${id}`)).toMatchObject({ failures: 0, enabled: true });
    const again = await post(`/v1/webhooks/${id}/deliveries/${delivery.id}/redeliver`);
    expect([again.status, again.json.id]).toEqual([202, delivery.id]);
    expect((await came('/shaky', 5)).at(-1)?.headers['webhook-id']).toBe(delivery.webhookId);
  });

  it('signs with both secrets while one is replaced, and with one after that', async () => {
    const { id, secret } = await listen('/rotated', { events: ['job.dead'] });
    const rotated = await post(`/v1/webhooks/${id}/rotate`, { overlapS: 3_600 });
    expect([rotated.status, rotated.headers.get('cache-control')]).toEqual([200, 'no-store']);
    await post(`/v1/webhooks/${id}/test`);
    const [both] = await came('/rotated');
    for (const known of [secret, rotated.json.secret])
      expect(verify(known, both as Received)).toMatchObject({ type: 'webhook.test' });
    expect(both?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    const last = (await post(`/v1/webhooks/${id}/rotate`, { overlapS: 0 })).json.secret;
    await post(`/v1/webhooks/${id}/test`);
    const [, one] = await came('/rotated', 2);
    expect(verify(last, one as Received)).toMatchObject({ type: 'webhook.test' });
    expect(() => verify(rotated.json.secret, one as Received)).toThrow();
    const { rows } = await app.twolane.database.query('select from twolane.webhook_secrets where webhook_id = $1', [
      id,
    ]);
    expect(rows.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(await get(`/v1/webhooks/${id}`))).not.toContain('whsec_');
  });

  it('disables a webhook whose receiver is gone, tells so in the log, and starts again when it is enabled', async () => {
    receiver.answerNext('/gone', { status: 410 });
    const { id } = await listen('/gone', { events: ['job.succeeded'] });
    const sent = (await post(`/v1/webhooks/${id}/test`)).json;
    await until('it is disabled', async () => (await get(`/v1/webhooks/${id}`)).disabled?.reason === 'gone');
    expect(await log(id)).toMatchObject([
      { event: 'webhook.disabled', state: 'notice', webhookId: null },
      { id: sent.id, state: 'failed' },
    ]);
    await until('its job is dead', async () => (await get(`/v1/jobs/${sent.jobId}`)).state === 'dead');
    for (const path of ['/test', `/deliveries/${sent.id}/redeliver`]) {
      const refused = await post(`/v1/webhooks/${id}${path}`);
      expect([refused.status, refused.json.code]).toEqual([409, 'webhook_disabled']);
    }
    expect((await patch(`/v1/webhooks/${id}`, { enabled: true })).json).toMatchObject({
      enabled: true,
      disabled: null,
      failures: 0,
    });
    await post(`/v1/webhooks/${id}/deliveries/${sent.id}/redeliver`);
    expect((await came('/gone', 2)).map(({ headers }) => headers['webhook-id'])).toEqual([
      expect.any(String),
      receiver.at('/gone')[0]?.headers['webhook-id'],
    ]);
    const notice = (await log(id))[0];
    expect((await post(`/v1/webhooks/${id}/deliveries/${notice.id}/redeliver`)).status).toBe(409);
    expect((await post(`/v1/webhooks/${id}/deliveries/999999/redeliver`)).status).toBe(404);
  });

  it('disables a webhook with which nothing goes well; what is still on its way is skipped', async () => {
    receiver.answerNext('/broken', ...Array.from({ length: 9 }, () => ({ status: 500 })));
    const { id } = await listen('/broken', { events: ['job.succeeded'] });
    const { jobId } = (await post(`/v1/webhooks/${id}/test`)).json;
    for (let attempt = 1; attempt < 5; attempt += 1) {
      await came('/broken', attempt);
      await hurry(jobId);
      if (attempt === 2)
        await until(
          'its patience is over',
          async () => Date.now() - Date.parse((await log(id))[0].attempts[0].at) > 250,
        );
    }
    await until('it is disabled', async () => (await get(`/v1/webhooks/${id}`)).disabled?.reason === 'failing');
    const { items } = await get(`/v1/webhooks/${id}/deliveries?limit=1&cursor=${(await log(id))[0].id}`);
    await until('it is skipped', async () => (await log(id)).at(-1).state === 'skipped');
    expect(items).toMatchObject([{ event: 'webhook.test' }]);
    expect(receiver.at('/broken')).toHaveLength(4);
  });

  it('keeps the order of events where that is wanted, and only there', async () => {
    receiver.answerNext('/strict', { status: 500 });
    const { id } = await listen('/strict', { events: ['job.succeeded'], ordered: true });
    const first = (await post(`/v1/webhooks/${id}/test`)).json;
    await came('/strict');
    const second = (await post(`/v1/webhooks/${id}/test`)).json;
    await listen('/loose', { events: ['job.succeeded'] }).then((loose) => post(`/v1/webhooks/${loose.id}/test`));
    await came('/loose');
    expect((await get(`/v1/jobs/${second.jobId}`)).state).toBe('waiting');
    await hurry(first.jobId);
    await newest(id, 'delivered');
    const ids = receiver.at('/strict').map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([first.webhookId, first.webhookId, second.webhookId]);
  });

  it('refuses what makes no sense before anything is written', async () => {
    const fine = { url: receiver.url, events: ['job.dead'] };
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

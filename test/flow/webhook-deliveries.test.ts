/** Deliveries of webhooks: once or more and never less, whatever the receiver does. */

import { describe, expect, it } from 'vitest';
import type { Received } from '../support/receiver.ts';
import { until } from '../support/stack.ts';
import { useWebhookApp } from '../support/webhook-app.ts';

const hooks = useWebhookApp();
const { post, get, patch, listen, came, log, newest, hurry, verify } = hooks;

describe('Deliveries', { tags: ['security'] }, () => {
  it('repeats what failed under the same id, and comes back when the receiver says', async () => {
    hooks.receiver.answerNext(
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
    const due = await hooks.app.twolane.database.query('select due_at from twolane.live where id = $1', [waiting.id]);
    expect(due.rows[0].due_at - Date.now()).toBeGreaterThan(100_000);
    await hurry(sent.jobId);
    await came('/shaky', 3);
    await hurry(sent.jobId);
    const delivery = await newest(id, 'delivered');
    expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([500, 503, 302, 204]);
    const all = hooks.receiver.at('/shaky');
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
    const { rows } = await hooks.app.twolane.database.query(
      'select from twolane.webhook_secrets where webhook_id = $1',
      [id],
    );
    expect(rows.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(await get(`/v1/webhooks/${id}`))).not.toContain('whsec_');
  });

  it('disables a webhook whose receiver is gone, tells so in the log, and starts again when it is enabled', async () => {
    hooks.receiver.answerNext('/gone', { status: 410 });
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
      hooks.receiver.at('/gone')[0]?.headers['webhook-id'],
    ]);
    const notice = (await log(id))[0];
    expect((await post(`/v1/webhooks/${id}/deliveries/${notice.id}/redeliver`)).status).toBe(409);
    expect((await post(`/v1/webhooks/${id}/deliveries/999999/redeliver`)).status).toBe(404);
  });

  it('disables a webhook with which nothing goes well; what is still on its way is skipped', async () => {
    hooks.receiver.answerNext('/broken', ...Array.from({ length: 9 }, () => ({ status: 500 })));
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
    expect(hooks.receiver.at('/broken')).toHaveLength(4);
  });

  it('keeps the order of events where that is wanted, and only there', async () => {
    hooks.receiver.answerNext('/strict', { status: 500 });
    const { id } = await listen('/strict', { events: ['job.succeeded'], ordered: true });
    const first = (await post(`/v1/webhooks/${id}/test`)).json;
    await came('/strict');
    const second = (await post(`/v1/webhooks/${id}/test`)).json;
    await listen('/loose', { events: ['job.succeeded'] }).then((loose) => post(`/v1/webhooks/${loose.id}/test`));
    await came('/loose');
    expect((await get(`/v1/jobs/${second.jobId}`)).state).toBe('waiting');
    await hurry(first.jobId);
    await newest(id, 'delivered');
    const ids = hooks.receiver.at('/strict').map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([first.webhookId, first.webhookId, second.webhookId]);
  });
});

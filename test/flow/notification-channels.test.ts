/** What leaves by mail, push and webhooks: servers that ask for a rest, addresses that are gone or not yet proven, and settings that do not fit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidyNotifications } from '../../jobs/bulk/tidy-notifications.job.ts';
import { notify } from '../../jobs/realtime/notify.job.ts';
import { apiKey } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { allOn, type NotificationsWorld, night, slow, startNotifications } from '../support/notifications.ts';
import { SocialClient } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

let world: NotificationsWorld;
beforeAll(async () => {
  world = await startNotifications();
}, slow);
afterAll(() => world?.stop(), slow);

describe('Notifications', () => {
  it(
    'rest where a server asks for it, without an attempt lost, and only there',
    async () => {
      const { app, push, hooks, query, person, published } = world;
      const [one, other, fan] = [person(), person(), person()];
      const posts = [await published(one.id), await published(other.id)] as [string, string];
      const [at, also] = [await one.everywhere(), await other.everywhere()];
      at.browser.answerNext({ status: 429, headers: { 'retry-after': '600' } });
      await fan.like(posts[0]);
      await until('the webhook is told', () => hooks.at(at.path).length === 1);
      const paused = () =>
        query('select until from twolane_social.notification_pauses where destination = $1', [`push:${push.url}`]);
      await until('the push service rests', async () => (await paused()).length === 1);
      await fan.like(posts[1]);
      await until('the other webhook is told', () => hooks.at(also.path).length === 1);
      const held = () =>
        query(
          `select j.id::text, l.due_at as due, l.attempt from twolane.live l join twolane.jobs j on j.id = l.id
         where j.type = 'deliver-notification' and l.state = 'scheduled'`,
        );
      await until('both wait', async () => (await held()).length === 2);
      const [rest] = await paused();
      for (const { due } of await held()) expect(Math.abs(due.getTime() - rest.until.getTime())).toBeLessThan(2_000);
      expect([at.browser.calls, also.browser.calls]).toEqual([1, 0]);
      await query('update twolane_social.notification_pauses set until = now()');
      for (const { id } of await held()) await caller(app.url)('POST', `/v1/jobs/${id}/retry`, { token: apiKey });
      await until('both browsers are told', () => at.browser.pushed.length === 1 && also.browser.pushed.length === 1);
      expect(at.browser.calls).toBe(2);
    },
    slow,
  );

  it(
    'try again what may be mended, and forget who is gone',
    async () => {
      const { app, mail, hooks, query, person, published } = world;
      const [owner, fan] = [person(), person()];
      const { browser, address, path } = await owner.everywhere();
      await owner.prefer({ channels: { like: allOn } });
      browser.answerNext({ status: 410 });
      hooks.answerNext(path, { status: 500 });
      mail.refuse(address, 550);
      const post = await published(owner.id);
      await fan.like(post);
      const states = async () =>
        Object.fromEntries(
          (await owner.why(post, fan.id)).deliveries.map(({ channel, state }: { channel: string; state: string }) => [
            channel,
            state,
          ]),
        );
      await until('two are gone', async () => {
        const now = await states();
        return now.push === 'gone' && now.email === 'gone';
      });
      const retried = await until('the webhook waits for another attempt', async () => {
        const [row] = await query(
          `select j.id::text from twolane.live l join twolane.jobs j on j.id = l.id
         where j.type = 'deliver-notification' and l.state = 'scheduled' and l.attempt = 1`,
        );
        return row?.id;
      });
      await caller(app.url)('POST', `/v1/jobs/${retried}/retry`, { token: apiKey });
      await until('the webhook is told', async () => (await states()).webhook === 'sent');
      expect(new Set(hooks.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(await owner.read('/v1/notification-addresses')).toMatchObject({
        email: null,
        webhook: { url: hooks.url + path },
      });
      expect((await owner.read('/v1/push-subscriptions')).items).toEqual([]);
      hooks.answerNext(path, { status: 410 });
      await fan.like(await published(owner.id));
      await until('the webhook is gone', async () => (await owner.read('/v1/notification-addresses')).webhook === null);
      const details = (
        await query('select detail from twolane_social.notification_deliveries where user_id = $1', [owner.id])
      ).map(({ detail }) => detail);
      expect(details.join()).not.toContain('@');
    },
    slow,
  );

  it(
    'write to an address of a user once he has proved that it is his',
    async () => {
      const { app, mail, query, person, published, decided } = world;
      const user = await new SocialClient(app.url).signUp(freshPrefix().slice(0, 25));
      const address = `${user.userId}@example.com`;
      const path = '/v1/notification-addresses/email';
      expect(await user.call('PUT', path, { address })).toMatchObject({ status: 202, body: { confirmed: false } });
      const [letter] = await until('the code comes', () =>
        mail.to(address).length > 0 ? mail.to(address) : undefined,
      );
      const code = /\b(\d{6}) confirms/.exec(letter?.source ?? '')?.[1] ?? '';
      const again = await user.call('PUT', path, { address: `other-${address}` });
      expect([again.status, again.body.code]).toEqual([429, 'code_sent_already']);
      const wrong = await user.call('POST', `${path}/confirm`, { code: code === '000000' ? '000001' : '000000' });
      expect([wrong.status, wrong.body.code]).toEqual([422, 'wrong_code']);
      const post = await published(user.userId);
      const fan = person();
      await user.call('PUT', '/v1/notification-preferences', { channels: { like: { email: true } } });
      await fan.like(post);
      await decided(post, 1);
      const { body } = await user.call('GET', `/v1/notifications/why?objectId=${post}&actorId=${fan.id}`);
      expect(body.decisions[0].steps.at(-1)).toMatchObject({ closed: { email: 'not_confirmed', push: 'no_address' } });
      expect((await user.call('POST', `${path}/confirm`, { code })).status).toBe(204);
      expect((await user.call('GET', '/v1/notification-addresses')).body.email).toEqual({ address, confirmed: true });
      expect((await user.call('DELETE', path)).status).toBe(204);
      expect((await user.call('DELETE', path)).status).toBe(404);
      expect(
        (await query(`select payload from twolane.jobs where type = 'confirm-address'`)).every(
          ({ payload }) => !JSON.stringify(payload).includes(code),
        ),
      ).toBe(true);
    },
    slow,
  );

  it(
    'refuse settings that do not fit, and answer those that hold',
    async () => {
      const { app, push, person } = world;
      const user = person();
      const browser = push.subscribe().subscription;
      for (const [method, path, body, pointer] of [
        [
          'PUT',
          '/v1/notification-preferences',
          { quietHours: { ...night(), timeZone: '+02:00' } },
          '/quietHours/timeZone',
        ],
        ['PUT', '/v1/notification-preferences', { quietHours: { ...night(), from: '25:00' } }, '/quietHours/from'],
        [
          'PUT',
          '/v1/notification-preferences',
          { quietHours: { ...night(), from: '07:00', to: '07:00' } },
          '/quietHours/to',
        ],
        ['PUT', '/v1/notification-preferences', { channels: { like: { fax: true } } }, '/channels/like/fax'],
        ['PUT', '/v1/notification-preferences', { channels: { poke: { push: true } } }, '/channels/poke'],
        ['POST', '/v1/push-subscriptions', { ...browser, endpoint: 'http://169.254.169.254/' }, '/endpoint'],
        ['POST', '/v1/push-subscriptions', { ...browser, keys: { ...browser.keys, auth: 'short' } }, '/keys/auth'],
        ['PUT', '/v1/notification-addresses/webhook', { url: 'https://10.0.0.1/' }, '/url'],
        ['PUT', '/v1/notification-addresses/email', { address: 'nobody' }, '/address'],
        ['PUT', '/v1/notification-addresses/email', { address: 'a@example.com\r\nBcc: b@example.com' }, '/address'],
      ] as const) {
        const { status, json, headers } = await user.call(method, path, body);
        expect([path, status, json.errors?.[0]?.pointer]).toEqual([path, 422, pointer]);
        expect(headers.get('content-type')).toContain('application/problem+json');
      }
      expect(await user.read('/v1/notification-preferences')).toMatchObject({
        off: false,
        quietHours: null,
        channels: { like: { 'in-app': true, email: false }, mention: { email: true } },
        available: ['in-app', 'push', 'email', 'webhook'],
      });
      const first = await user.call('POST', '/v1/push-subscriptions', browser);
      const again = await person().call('POST', '/v1/push-subscriptions', browser);
      expect([again.status, again.json.id]).toEqual([201, first.json.id]);
      expect((await user.read('/v1/push-subscriptions')).items).toEqual([]);
      for (let n = 0; n < 22; n++) await user.call('POST', '/v1/push-subscriptions', push.subscribe().subscription);
      const { items, publicKey } = await user.read('/v1/push-subscriptions');
      expect([items.length, publicKey]).toEqual([20, app.config.TWOLANE_VAPID_PUBLIC_KEY]);
      expect((await user.call('DELETE', `/v1/push-subscriptions/${items[0].id}`)).status).toBe(204);
      expect((await person().call('DELETE', `/v1/push-subscriptions/${items[1].id}`)).status).toBe(404);
    },
    slow,
  );

  it(
    'tell a webhook of the product, and are forgotten after a while and beyond a number',
    async () => {
      const { app, hooks, query, person, published } = world;
      const [owner, fan] = [person(), person()];
      const made = await caller(app.url)('POST', '/v1/webhooks', {
        token: apiKey,
        body: { url: `${hooks.url}/product`, events: ['notification.announced'] },
      });
      expect(made.status).toBe(201);
      const post = await published(owner.id);
      await fan.like(post);
      const [told] = await until('the product is told', () =>
        hooks.at('/product').length > 0 ? hooks.at('/product') : undefined,
      );
      expect(told?.json).toMatchObject({
        type: 'notification.announced',
        data: { userId: owner.id, kind: 'like', objectId: post },
      });
      await query(
        `insert into twolane_social.notification_decisions (user_id, kind, object_id, actor_id, outcome, steps, at)
       select 'old', 'like', '1', 'x', 'send', '[]', now() - case when n > 5 then interval '31 days' else interval '29 days' end
       from generate_series(1, 10) n`,
      );
      await app.twolane.enqueue(tidyNotifications, {});
      const left = async (user: string) =>
        (
          await query('select count(*)::int as n from twolane_social.notification_decisions where user_id = $1', [user])
        )[0].n;
      await until('the old ones are forgotten', async () => (await left('old')) === 5);
      await query(
        `insert into twolane_social.notification_decisions (user_id, kind, object_id, actor_id, outcome, steps, at)
       select $1, 'like', $2, 'x', 'drop', '[]', now() from generate_series(1, 1200) n`,
        [owner.id, post],
      );
      const events = Array.from({ length: 100 }, () => ({
        kind: 'like' as const,
        actorId: fan.id,
        recipientId: owner.id,
        objectId: post,
      }));
      await app.twolane.enqueueMany(events.map((payload) => ({ job: notify, payload })));
      await until('the list is cut', async () => (await left(owner.id)) < 1_110);
    },
    slow,
  );
});

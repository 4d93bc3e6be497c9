/** Notifications from a deed to every channel: real servers for mail, push and webhooks, and the reasons for all that was not sent. */

import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webPush from 'web-push';
import { tidyNotifications } from '../../jobs/bulk/tidy-notifications.job.ts';
import { notify } from '../../jobs/realtime/notify.job.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { EventReader } from '../support/event-source.ts';
import { caller } from '../support/http.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type PushService, startPushService } from '../support/push-service.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { SocialClient } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

const slow = 60_000;
let app: TestApp;
let mail: MailServer;
let push: PushService;
let hooks: Receiver;
const readers: EventReader[] = [];
const query = async (text: string, values: unknown[] = []) => (await app.twolane.database.query(text, values)).rows;

beforeAll(async () => {
  const vapid = webPush.generateVAPIDKeys();
  [mail, push, hooks] = await Promise.all([startMailServer(), startPushService(vapid.publicKey), startReceiver()]);
  app = await startTestApp({
    settings: {
      TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
      TWOLANE_VAPID_PUBLIC_KEY: vapid.publicKey,
      TWOLANE_VAPID_PRIVATE_KEY: vapid.privateKey,
      TWOLANE_VAPID_SUBJECT: 'mailto:people@example.com',
      TWOLANE_SMTP_URL: mail.url,
      TWOLANE_MAIL_FROM: 'Twolane <notify@example.com>',
    },
  });
}, slow);

afterAll(async () => {
  for (const reader of readers) reader.close();
  await app?.stop();
  await Promise.all([mail?.close(), push?.close(), hooks?.close()]);
}, slow);

const called = (name: string) => `${name}-${freshPrefix()}`;

/** Somebody for whom the product's key acts. */
function person(id = called('user')) {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': id };
  const call = (method: string, path: string, body?: unknown) =>
    caller(app.url)(method, path, { token: apiKey, headers: { 'x-acting-user': id }, body });
  const read = async (path: string) => (await call('GET', path)).json;
  return {
    id,
    call,
    read,
    list: async () => (await read('/v1/notifications')).items,
    prefer: async (body: object) => expect((await call('PUT', '/v1/notification-preferences', body)).status).toBe(200),
    why: (objectId: string, actorId: string) => read(`/v1/notifications/why?objectId=${objectId}&actorId=${actorId}`),
    like: async (post: string) => expect((await call('PUT', `/v1/posts/${post}/like`)).status).toBe(204),
    async follow(lastEventId?: string) {
      const reader = new EventReader();
      readers.push(reader);
      reader.lastEventId = lastEventId;
      await reader.open(`${app.url}/v1/notifications/events`, headers);
      await until('the stream is ready', () => reader.of('ready').length === 1);
      return reader;
    },
    /** Everything that reaches him outside of the app. */
    async everywhere() {
      const browser = push.subscribe();
      expect((await call('POST', '/v1/push-subscriptions', browser.subscription)).status).toBe(201);
      const address = `${id}@example.com`;
      const put = await call('PUT', '/v1/notification-addresses/email', { address });
      expect([put.status, put.json]).toEqual([202, { confirmed: true }]);
      const hook = await call('PUT', '/v1/notification-addresses/webhook', { url: `${hooks.url}/${id}` });
      expect(hook.status).toBe(200);
      return { browser, address, path: `/${id}`, secret: hook.json.secret as string };
    },
  };
}

async function published(authorId: string): Promise<string> {
  const [row] = await query(
    `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id, published_at)
     values ((select twolane.next_ids(1)), $1, 'a day out', 'photo', 'published', 1, now()) returning id::text`,
    [authorId],
  );
  return row.id;
}

/** Waits until all that was enqueued for somebody's notification has been decided. */
const decided = (objectId: string, count: number) =>
  until(`${count} events about ${objectId} are decided`, async () => {
    const sql = 'select outcome from twolane_social.notification_decisions where object_id = $1 order by id';
    const rows = await query(sql, [objectId]);
    return rows.length >= count ? rows.map(({ outcome }) => outcome) : undefined;
  });
/** The job that waits for a notification of the object, and when it is due. */
const waiting = async (objectId: string) =>
  query(
    `select j.id::text, l.due_at as due from twolane.live l join twolane.jobs j on j.id = l.id
     where j.type = 'announce-notification' and j.payload ->> 'objectId' = $1 and l.state = 'scheduled'`,
    [objectId],
  );
/** Runs it now instead of in minutes or hours. */
async function hurry(objectId: string) {
  const jobs = await waiting(objectId);
  expect(jobs).toHaveLength(1);
  await caller(app.url)('POST', `/v1/jobs/${jobs[0]?.id}/retry`, { token: apiKey });
}
/** As if the last announcement had been six minutes ago. */
const age = (objectId: string) =>
  query(`update twolane_social.notifications set announced_at = announced_at - interval '6 min' where object_id = $1`, [
    objectId,
  ]);
const announced = async (objectId: string): Promise<string[]> =>
  (await query('select text from twolane_social.announcements where object_id = $1 order by seq', [objectId])).map(
    ({ text }) => text,
  );
const night = () => {
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  return { from: clock(-1), to: clock(2), timeZone: 'UTC' };
};
const allOn = { 'in-app': true, push: true, email: true, webhook: true };

describe('Notifications', () => {
  it(
    'tell of the first at once and of the others in one update, on every channel',
    async () => {
      const owner = person();
      const post = await published(owner.id);
      const { browser, address, path, secret } = await owner.everywhere();
      await owner.prefer({ channels: { like: allOn } });
      const screen = await owner.follow();
      const [ana, mia, zoe] = ['Ana', 'Mia', 'Zoe'].map((name) => person(called(name))) as [
        ReturnType<typeof person>,
        ReturnType<typeof person>,
        ReturnType<typeof person>,
      ];
      await ana.like(post);
      await until(
        'all channels are told',
        () =>
          screen.of('notification').length === 1 &&
          browser.pushed.length === 1 &&
          mail.to(address).length === 1 &&
          hooks.at(path).length === 1,
      );
      const first = `${ana.id} liked your photo`;
      expect(screen.of('notification')[0]?.data).toMatchObject({ kind: 'like', objectId: post, count: 1, text: first });

      for (let n = 0; n < 11; n++) await person().like(post);
      await decided(post, 12);
      await zoe.like(post);
      await decided(post, 13);
      await mia.like(post);
      await decided(post, 14);
      await zoe.call('DELETE', `/v1/posts/${post}/like`);
      const outcomes = await decided(post, 15);
      expect(outcomes).toEqual(['send', ...Array(13).fill('merge'), 'drop']);
      expect(await announced(post)).toEqual([first]);
      const [job, ...more] = await waiting(post);
      expect(more).toEqual([]);
      expect(job.due.getTime() - Date.now()).toBeGreaterThan(3 * 60_000);
      expect(job.due.getTime() - Date.now()).toBeLessThanOrEqual(5 * 60_000);
      await age(post);
      await hurry(post);
      await until(
        'all channels are told again',
        () =>
          screen.of('notification').length === 2 &&
          browser.pushed.length === 2 &&
          mail.to(address).length === 2 &&
          hooks.at(path).length === 2,
      );
      const update = `${mia.id} and 12 others liked your photo`;
      expect(await announced(post)).toEqual([first, update]);
      expect((await owner.list()).map(({ text }: { text: string }) => text)).toEqual([update]);

      const [, event] = screen.of('notification');
      expect(event?.data).toMatchObject({ id: screen.of('notification')[0]?.data.id, count: 13, text: update });
      const [, pushed] = browser.pushed;
      expect(pushed?.json).toMatchObject({ id: event?.data.id, kind: 'like', objectId: post, count: 13, text: update });
      expect(pushed?.claims).toMatchObject({ aud: push.url, sub: 'mailto:people@example.com' });
      expect(pushed?.headers).toMatchObject({
        topic: event?.data.id,
        urgency: 'normal',
        ttl: '86400',
        'content-encoding': 'aes128gcm',
      });
      const [, letter] = mail.to(address);
      expect(letter?.from).toBe('notify@example.com');
      expect(letter?.source).toContain(`Subject: ${update}`);
      expect(letter?.source).toContain('Content-Type: text/plain');
      expect(letter?.source).toContain(`${update}.</p>`);
      const verified = hooks.at(path).map(({ body, headers }) => new Webhook(secret).verify(body, headers));
      expect(verified[1]).toMatchObject({
        type: 'notification.announced',
        data: { id: event?.data.id, count: 13, text: update },
      });
      expect(() =>
        new Webhook('whsec_d3Jvbmc=').verify(hooks.at(path)[1]?.body ?? '', hooks.at(path)[1]?.headers ?? {}),
      ).toThrow();
      expect(new Set(hooks.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(2);

      const why = await owner.read(`/v1/notifications/${event?.data.id}/why`);
      expect(
        why.deliveries
          .map(({ channel, state }: { channel: string; state: string }) => `${channel} ${state}`)
          .toSorted(),
      ).toEqual(['email sent', 'email sent', 'push sent', 'push sent', 'webhook sent', 'webhook sent']);
      expect(why.decisions[0]).toMatchObject({ outcome: 'send', actorId: null });
      expect((await owner.why(post, zoe.id)).decisions.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        'drop',
        'merge',
      ]);
      expect((await ana.call('GET', `/v1/notifications/${event?.data.id}/why`)).status).toBe(404);

      const resumed = await owner.follow(screen.of('notification')[0]?.id);
      await until('the update comes again', () => resumed.of('notification').length === 1);
      expect(resumed.of('notification')[0]?.data.text).toBe(update);
    },
    slow,
  );

  it(
    'wait out quiet hours and are looked at again; what is critical does not wait',
    async () => {
      const owner = person();
      const [kept, deleted] = [await published(owner.id), await published(owner.id)];
      const fan = person();
      const quietHours = night();
      await owner.prefer({ quietHours });
      const screen = await owner.follow();
      for (const post of [kept, deleted]) await fan.like(post);
      for (const post of [kept, deleted]) expect(await decided(post, 1)).toEqual(['defer']);
      expect(await owner.list()).toHaveLength(2);
      const [step] = (await owner.why(kept, fan.id)).decisions[0].steps.slice(-1);
      expect(step).toMatchObject({ gate: 'quiet-hours', verdict: 'defer' });
      expect(step.until.slice(11)).toBe(`${quietHours.to}:00.000Z`);
      const [job] = await waiting(kept);
      expect(Math.abs(job.due.getTime() - Date.parse(step.until))).toBeLessThan(2_000);

      await owner.call('DELETE', '/v1/sessions');
      await until('what is critical comes', () => screen.of('notification').length === 1);
      expect(screen.of('notification')[0]?.data).toMatchObject({
        kind: 'logged-out',
        text: expect.stringContaining('logged out'),
      });

      await hurry(kept);
      expect(await decided(kept, 2)).toEqual(['defer', 'defer']);
      await owner.prefer({});
      await query(`update twolane_social.posts set state = 'deleted' where id = $1`, [deleted]);
      await until('it waits again', async () => (await waiting(kept)).length === 1);
      for (const post of [kept, deleted]) await hurry(post);
      expect(await decided(kept, 3)).toEqual(['defer', 'defer', 'send']);
      expect(await decided(deleted, 2)).toEqual(['defer', 'drop']);
      const [last] = await query(
        `select steps from twolane_social.notification_decisions where object_id = $1 order by id desc limit 1`,
        [deleted],
      );
      expect(last.steps).toEqual([{ gate: 'deduplicate', verdict: 'drop', reason: 'no_longer_so' }]);
      await until('it is told once', () => screen.of('notification').length === 2);
      expect(await announced(deleted)).toEqual([]);
    },
    slow,
  );

  it(
    'count an event once, however often it comes, and keep to preferences, rate and blocks',
    async () => {
      const [owner, fan] = [person(), person()];
      const post = await published(owner.id);
      await fan.like(post);
      await decided(post, 1);
      const event = { kind: 'like' as const, actorId: fan.id, recipientId: owner.id, objectId: post };
      await app.twolane.enqueueMany(Array.from({ length: 10 }, () => ({ job: notify, payload: event })));
      expect(await decided(post, 11)).toEqual(['send', ...Array(10).fill('drop')]);
      expect(await announced(post)).toHaveLength(1);
      expect((await owner.why(post, fan.id)).decisions[0].steps).toEqual([
        { gate: 'deduplicate', verdict: 'drop', reason: 'nothing_new' },
      ]);

      const off = await published(owner.id);
      await owner.prefer({ channels: { like: { 'in-app': false, push: false, webhook: false } } });
      await fan.like(off);
      expect(await decided(off, 1)).toEqual(['drop']);
      expect((await owner.why(off, fan.id)).decisions[0].steps.at(-1)).toEqual({
        gate: 'preference',
        verdict: 'drop',
        reason: 'turned_off',
      });
      expect((await owner.list()).map(({ objectId }: { objectId: string }) => objectId)).toEqual([post]);

      await owner.prefer({});
      await query(
        `insert into twolane_social.announcements select user_id, seq + n, notification_id, kind, class, in_app, object_id, text, count, at
       from twolane_social.announcements, generate_series(1, 29) n where user_id = $1 and seq = 1`,
        [owner.id],
      );
      const many = await published(owner.id);
      await fan.like(many);
      expect(await decided(many, 1)).toEqual(['defer']);
      expect((await owner.why(many, fan.id)).decisions[0].steps.at(-1)).toMatchObject({
        gate: 'rate',
        verdict: 'defer',
      });
    },
    slow,
  );

  it(
    'rest where a server asks for it, without an attempt lost, and only there',
    async () => {
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
    'reach who is mentioned in a comment, unless a block is between them',
    async () => {
      const [author, writer] = [person(), person()];
      const anybody = new SocialClient(app.url);
      const [leo, mia] = await Promise.all(
        ['leo', 'mia'].map((name) => anybody.signUp(`${name}_${freshPrefix().slice(0, 20)}`)),
      );
      if (!leo || !mia) throw new Error('nobody signed up');
      const names = new Map(
        (await query('select id::text, username from twolane_social.users')).map(({ id, username }) => [id, username]),
      );
      await mia.call('PUT', `/v1/users/${writer.id}/block`);
      const [stranger, product] = [person(), person()];
      await author.call('PUT', `/v1/users/${stranger.id}/block`);
      const post = await published(author.id);
      const text = `@${names.get(leo.userId)?.toUpperCase()} and @${names.get(mia.userId)}, look. @nobody_${freshPrefix().slice(0, 8)}`;
      const made = await writer.call('POST', `/v1/posts/${post}/comments`, {
        text,
        mentionIds: [stranger.id, product.id, writer.id],
      });
      expect(made.status).toBe(201);
      await decided(post, 3);
      const texts = async (client: SocialClient) =>
        (await client.call('GET', '/v1/notifications')).body.items.map((item: { text: string }) => item.text);
      expect(await texts(leo)).toEqual([`${writer.id} mentioned you in a comment`]);
      expect((await product.list()).map(({ kind }: { kind: string }) => kind)).toEqual(['mention']);
      expect((await author.list()).map(({ kind }: { kind: string }) => kind)).toEqual(['comment']);
      expect([await texts(mia), await stranger.list(), await writer.list()]).toEqual([[], [], []]);
      // Again after it was read; and the author hears of a comment that mentions him once.
      await leo.call('POST', '/v1/notifications/read', {});
      await writer.call('POST', `/v1/posts/${post}/comments`, {
        text: `@${names.get(leo.userId)}`,
        mentionIds: [author.id],
      });
      await decided(post, 5);
      expect(await texts(leo)).toHaveLength(2);
      expect((await author.list()).map(({ kind }: { kind: string }) => kind).toSorted()).toEqual([
        'comment',
        'mention',
      ]);
      // Who may not see the post hears nothing of it.
      expect((await writer.call('PUT', `/v1/users/${author.id}/follow`)).status).toBe(204);
      await query(`update twolane_social.posts set audience = 'followers' where id = $1`, [post]);
      const outsider = person();
      await writer.call('POST', `/v1/posts/${post}/comments`, { text: 'for friends', mentionIds: [outsider.id] });
      await decided(post, 7);
      expect(await outsider.list()).toEqual([]);
      expect((await outsider.why(post, writer.id)).decisions[0].steps.at(-1)).toMatchObject({ reason: 'no_longer_so' });
    },
    slow,
  );

  it(
    'write to an address of a user once he has proved that it is his',
    async () => {
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

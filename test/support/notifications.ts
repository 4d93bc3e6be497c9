/**
 * An installation whose notifications leave by every channel: real servers for mail, push and webhooks beside it, people for
 * whom the product's key acts, and a look at what was decided and what still waits.
 */
import { expect } from 'vitest';
import webPush from 'web-push';
import { apiKey, startTestApp } from './app.ts';
import { EventReader } from './event-source.ts';
import { caller } from './http.ts';
import { startMailServer } from './mail-server.ts';
import { startPushService } from './push-service.ts';
import { startReceiver } from './receiver.ts';
import { freshPrefix, until } from './stack.ts';

/** What a story may take, milliseconds. */
export const slow = 60_000;

export type NotificationsWorld = Awaited<ReturnType<typeof startNotifications>>;
export type Person = ReturnType<NotificationsWorld['person']>;

export const called = (name: string) => `${name}-${freshPrefix()}`;

/** Quiet hours around now. */
export const night = () => {
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  return { from: clock(-1), to: clock(2), timeZone: 'UTC' };
};
export const allOn = { 'in-app': true, push: true, email: true, webhook: true };

export async function startNotifications() {
  const vapid = webPush.generateVAPIDKeys();
  const [mail, push, hooks] = await Promise.all([
    startMailServer(),
    startPushService(vapid.publicKey),
    startReceiver(),
  ]);
  const app = await startTestApp({
    settings: {
      PUBLIC_URL: 'http://app.example',
      TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
      TWOLANE_VAPID_PUBLIC_KEY: vapid.publicKey,
      TWOLANE_VAPID_PRIVATE_KEY: vapid.privateKey,
      TWOLANE_VAPID_SUBJECT: 'mailto:people@example.com',
      TWOLANE_SMTP_URL: mail.url,
      TWOLANE_MAIL_FROM: 'Twolane <notify@example.com>',
    },
  });
  const readers: EventReader[] = [];
  const query = async (text: string, values: unknown[] = []) => (await app.twolane.database.query(text, values)).rows;

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
      prefer: async (body: object) =>
        expect((await call('PUT', '/v1/notification-preferences', body)).status).toBe(200),
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
    query(
      `update twolane_social.notifications set announced_at = announced_at - interval '6 min' where object_id = $1`,
      [objectId],
    );
  const announced = async (objectId: string): Promise<string[]> =>
    (await query('select text from twolane_social.announcements where object_id = $1 order by seq', [objectId])).map(
      ({ text }) => text,
    );

  async function stop() {
    for (const reader of readers) reader.close();
    await app.stop();
    await Promise.all([mail.close(), push.close(), hooks.close()]);
  }

  return { app, mail, push, hooks, query, person, published, decided, waiting, hurry, age, announced, stop };
}

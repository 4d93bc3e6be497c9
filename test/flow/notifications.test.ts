/** Notifications from a deed to every channel: the first at once, the others in one update, nothing twice, nothing at night. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notify } from '../../jobs/realtime/notify.job.ts';
import {
  allOn,
  called,
  type NotificationsWorld,
  night,
  type Person,
  slow,
  startNotifications,
} from '../support/notifications.ts';
import { SocialClient } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

let world: NotificationsWorld;
beforeAll(async () => {
  world = await startNotifications();
}, slow);
afterAll(() => world?.stop(), slow);

describe('Notifications', () => {
  it(
    'tell of the first at once and of the others in one update, on every channel',
    async () => {
      const { mail, push, hooks, person, published, decided, waiting, hurry, age, announced } = world;
      const owner = person();
      const post = await published(owner.id);
      const { browser, address, path, secret } = await owner.everywhere();
      await owner.prefer({ channels: { like: allOn } });
      const screen = await owner.follow();
      const [ana, mia, zoe] = ['Ana', 'Mia', 'Zoe'].map((name) => person(called(name))) as [Person, Person, Person];
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
      expect(letter?.source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
      const [, link = ''] =
        /^List-Unsubscribe:\s+<http:\/\/app\.example(\/v1\/unsubscribe\/[\w.-]+)>\r$/m.exec(letter?.source ?? '') ?? [];
      expect(letter?.source).toContain(`No more mails like this: http://app.example${link}`);
      const open = async (method: string, of = link, body?: string) => {
        const type = { 'content-type': 'application/x-www-form-urlencoded' };
        return (await fetch(world.app.url + of, { method, body, headers: body ? type : {} })).status;
      };
      const byMail = async () => (await owner.read('/v1/notification-preferences')).channels.like.email;
      expect([await open('GET'), await byMail()]).toEqual([200, true]);
      expect([await open('POST', `${link.slice(0, -2)}AA`), await byMail()]).toEqual([404, true]);
      expect([await open('POST', link, 'List-Unsubscribe=One-Click'), await byMail()]).toEqual([200, false]);
      expect((await owner.read('/v1/notification-preferences')).channels.like.push).toBe(true);
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
      const { query, person, published, decided, waiting, hurry, announced } = world;
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
      const { app, query, person, published, decided, announced } = world;
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
    'of many at once are not held up by one that can not be heard',
    async () => {
      const { app, query, person, published } = world;
      const owner = person();
      const post = await published(owner.id);
      const actors = Array.from({ length: 30 }, () => called('actor'));
      await query('insert into twolane_social.likes (post_id, user_id) select $1, unnest($2::text[])', [post, actors]);
      const event = (actorId: string, objectId: string) => ({
        job: notify,
        payload: { kind: 'like' as const, actorId, recipientId: owner.id, objectId },
      });
      const events = actors.map((actor) => event(actor, post));
      events.splice(15, 0, event('nobody', 'no number'), event('nobody', 'nor this'));
      const jobs = await app.twolane.enqueueMany(events);
      const bad = [jobs[15]?.id, jobs[16]?.id] as string[];
      const states = async (ids: readonly string[]) =>
        Promise.all(ids.map(async (id) => (await app.twolane.operations.get(id))?.state));
      const good = jobs.map(({ id }) => id).filter((id) => !bad.includes(id));
      await until('the others are heard', async () => (await states(good)).every((state) => state === 'succeeded'));
      const failed = `select count(*)::int as n from twolane.attempts where job_id = any($1::bigint[])`;
      expect((await query(failed, [good]))[0]?.n).toBe(0);
      await until('those two have failed', async () => (await query(failed, [bad]))[0]?.n >= 2);
      const [line] = await owner.list();
      expect(line).toMatchObject({ count: 30, objectId: post });
      await Promise.all(bad.map((id) => app.twolane.operations.cancel(id, 'enough')));
    },
    slow,
  );

  it(
    'reach who is mentioned in a comment, unless a block is between them',
    async () => {
      const { app, query, person, published, decided } = world;
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
});

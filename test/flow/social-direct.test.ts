/** Direct messages between people on two API processes: order, repeats, receipts, resumption, blocks, and a message that can't be delivered. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { EventReader } from '../support/event-source.ts';
import { caller } from '../support/http.ts';
import { freshPrefix, until } from '../support/stack.ts';

const slow = 60_000;
let app: TestApp;
let second: { twolane: Twolane; server: Server; url: string };
const readers: EventReader[] = [];

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_UNDO_MS: '1000' } });
  const twolane = createApp(app.config, { logger: silentLogger });
  await twolane.start();
  const server = createServer(express().use(twolane.api()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  second = { twolane, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}, slow);

afterAll(async () => {
  for (const reader of readers) reader.close();
  second.server.closeAllConnections();
  second.server.close();
  await second.twolane.stop();
  await app.stop();
}, slow);

/** Somebody on one of the two API processes. */
function person(base = app.url) {
  const id = freshPrefix();
  const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': id };
  const call = (method: string, path: string, body?: unknown) =>
    caller(base)(method, path, { token: apiKey, headers: { 'x-acting-user': id }, body });
  const follow = async (lastEventId?: string) => {
    const reader = new EventReader();
    readers.push(reader);
    reader.lastEventId = lastEventId;
    await reader.open(`${base}/v1/inbox/events`, headers);
    await until('the stream is ready', () => reader.of('ready').length === 1);
    return reader;
  };
  return {
    id,
    call,
    follow,
    say: (thread: string, text: string, clientMessageId = freshPrefix()) =>
      call('POST', `/v1/threads/${thread}/messages`, { text, clientMessageId }),
    inbox: async () => (await call('GET', '/v1/inbox')).json.items,
  };
}

async function pair() {
  const [ana, leo] = [person(app.url), person(second.url)];
  const { status, json } = await ana.call('POST', '/v1/threads', { memberIds: [leo.id] });
  expect(status).toBe(201);
  return { ana, leo, thread: json.id as string };
}

const texts = (reader: EventReader) => reader.of('message').map(({ data }) => data.text);
const upTo = (count: number, what = 'm') => Array.from({ length: count }, (_, n) => `${what}${n + 1}`);

describe('direct messages', () => {
  it('reach the other at another process, with receipts that come back', async () => {
    const { ana, leo, thread } = await pair();
    const [hers, his] = [await ana.follow(), await leo.follow()];
    expect((await ana.say(thread, 'are you there?')).json).toEqual({ id: expect.any(String), seq: 1 });
    await until('it comes, and she is told', () => his.of('message').length === 1 && hers.of('delivered').length === 1);
    expect(his.of('message')[0]?.data).toMatchObject({
      threadId: thread,
      seq: 1,
      senderId: ana.id,
      text: 'are you there?',
      unreadCount: 1,
    });
    expect(hers.of('message')[0]?.data).toMatchObject({ seq: 1, unreadCount: 0 });
    expect(hers.of('delivered')[0]?.data).toMatchObject({ threadId: thread, userId: leo.id, seq: 1 });
    expect(await leo.inbox()).toMatchObject([
      { id: thread, unreadCount: 1, lastMessage: { seq: 1, text: 'are you there?' } },
    ]);
    expect((await leo.call('POST', `/v1/threads/${thread}/read`, {})).status).toBe(204);
    await until('she sees that he has read it', () => hers.of('read').length === 1);
    expect(hers.of('read')[0]?.data).toMatchObject({ threadId: thread, userId: leo.id, seq: 1 });
    await until('his other screens see it', () => his.of('read').length === 1);
    expect(his.of('read')[0]?.data).toMatchObject({ userId: leo.id, unreadCount: 0 });
    const members = (await ana.inbox())[0].members;
    expect(members.find(({ id }: { id: string }) => id === leo.id)).toMatchObject({ deliveredSeq: 1, readSeq: 1 });
  });

  it('keep their order, and a repeat is answered with the first', async () => {
    const { ana, leo, thread } = await pair();
    const his = await leo.follow();
    const first = await ana.say(thread, 'm1', 'same');
    const again = await Promise.all([1, 2, 3].map(() => ana.say(thread, 'another text', 'same')));
    expect(again.map(({ status, json }) => [status, json])).toEqual(again.map(() => [202, first.json]));
    for (const text of upTo(20).slice(1)) await ana.say(thread, text);
    await until('all have come', () => his.of('message').length >= 20);
    expect(texts(his)).toEqual(upTo(20));
    const { json } = await leo.call('GET', `/v1/threads/${thread}/messages?limit=15`);
    const rest = await leo.call('GET', `/v1/threads/${thread}/messages?limit=15&cursor=${json.nextCursor}`);
    const read = [...json.items, ...rest.json.items].map(({ text }: { text: string }) => text);
    expect(read).toEqual(upTo(20).toReversed());
    expect(rest.json.nextCursor).toBeNull();
  });

  it('get one number each when many are sent at once', async () => {
    const { ana, leo, thread } = await pair();
    const his = await leo.follow();
    const sent = await Promise.all(upTo(30).map((text, n) => (n % 2 ? ana : leo).say(thread, text)));
    await until('all have come', () => his.of('message').length >= 30);
    expect(his.of('message').map(({ data }) => data.seq)).toEqual(upTo(30).map((_, n) => n + 1));
    const bySeq = new Map(sent.map(({ json }, n) => [json.seq, upTo(30)[n]]));
    expect(texts(his)).toEqual(upTo(30).map((_, n) => bySeq.get(n + 1)));
  });

  it('come once each to a stream that was cut and resumed, and by ticket', async () => {
    const { ana, leo, thread } = await pair();
    const his = await leo.follow();
    await ana.say(thread, 'm1');
    await until('the first has come', () => his.of('message').length === 1);
    his.close();
    for (const text of ['m2', 'm3']) await ana.say(thread, text);
    const resumed = await leo.follow(his.lastEventId);
    await until('the rest has come', () => resumed.of('message').length === 2);
    expect(texts(resumed)).toEqual(['m2', 'm3']);
    const { json } = await leo.call('POST', '/v1/tokens', { use: 'stream', scopes: ['direct:read'] });
    const byTicket = await new EventReader().open(`${second.url}/v1/inbox/events?ticket=${json.token}`);
    readers.push(byTicket);
    await until('it is ready', () => byTicket.of('ready').length === 1);
    expect(byTicket.of('ready')[0]?.data).toEqual({ unreadThreads: 1 });
  });

  it('keep their order and come once, whatever is repeated, sent at once, cut and resumed', async () => {
    const burst = fc.array(fc.record({ mine: fc.boolean(), client: fc.integer({ min: 0, max: 5 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    const history = fc.array(fc.record({ burst, cut: fc.boolean() }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { ana, leo, thread } = await pair();
        let his = await leo.follow();
        const came: [number, string][] = [];
        const collect = () =>
          came.push(...his.of('message').map(({ data }): [number, string] => [data.seq, data.text]));
        const numbers = new Map<string, number>();
        for (const { burst: sends, cut } of steps) {
          if (cut) his.close();
          const answers = await Promise.all(
            sends.map(async ({ mine, client }, n) => {
              const key = `${mine ? 'ana' : 'leo'} ${client}`;
              const { json } = await (mine ? ana : leo).say(thread, `${key} for the ${n}. time`, `${client}`);
              return [key, json.seq] as const;
            }),
          );
          for (const [key, seq] of answers) {
            if (!numbers.has(key)) numbers.set(key, seq);
            expect(seq).toBe(numbers.get(key));
          }
          if (!cut) continue;
          collect();
          his = await leo.follow(his.lastEventId);
        }
        await until('all have come', () => came.length + his.of('message').length >= numbers.size);
        collect();
        expect(came.map(([seq]) => seq)).toEqual(Array.from(numbers, (_, n) => n + 1));
        for (const [key, seq] of numbers) expect(came[seq - 1]?.[1]).toMatch(new RegExp(`^${key} for`));
        his.close();
      }),
      { numRuns: 5 },
    );
  });

  it('say so when what was missed is not kept any more', async () => {
    const { ana, leo, thread } = await pair();
    await ana.say(thread, 'm1');
    await ana.say(thread, 'm2');
    await until('both are pushed', async () => (await leo.inbox())[0]?.unreadCount === 2);
    await app.twolane.database.query('delete from twolane_social.inbox_events where user_id = $1 and seq = 1', [
      leo.id,
    ]);
    const his = await leo.follow('0');
    await until('the rest has come', () => his.of('message').length === 1);
    expect(his.events.map(({ event }) => event)).toEqual(['ready', 'reset', 'message']);
  });

  it('make one notification for a member who is away, and another after he has read', async () => {
    const { ana, leo, thread } = await pair();
    const notices = async () => (await leo.call('GET', '/v1/notifications')).json.items;
    await ana.say(thread, 'm1');
    await until('he is told', async () => (await notices()).length === 1);
    await ana.say(thread, 'm2');
    await until('both are pushed', async () => (await leo.inbox())[0]?.unreadCount === 2);
    expect(await notices()).toMatchObject([
      { kind: 'message', objectId: thread, text: `${ana.id} sent you a message` },
    ]);
    // This installation has neither keys for Web Push nor a mail server.
    const why = await leo.call('GET', `/v1/notifications/why?objectId=${thread}&actorId=${ana.id}`);
    const closed = { push: 'not_configured', webhook: 'no_address' };
    expect(why.json.decisions[0].steps.at(-1)).toEqual({
      ...{ gate: 'channel', verdict: 'pass', channels: ['in-app'], closed },
    });
    const keys = { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) };
    const refused = await leo.call('POST', '/v1/push-subscriptions', { endpoint: 'https://push.example/', keys });
    expect([refused.status, refused.json.code]).toEqual([409, 'not_configured']);
    await leo.call('POST', `/v1/threads/${thread}/read`, { seq: 2 });
    expect((await notices())[0].readAt).not.toBeNull();
    await ana.say(thread, 'm3');
    await until('he is told again', async () => (await notices())[0].readAt === null);
    expect(await ana.call('GET', '/v1/notifications')).toMatchObject({ json: { items: [] } });
  });

  it('are for the members only, and the same people have one thread', async () => {
    const { ana, leo, thread } = await pair();
    const stranger = person();
    expect((await leo.call('POST', '/v1/threads', { memberIds: [ana.id] })).json.id).toBe(thread);
    expect((await leo.call('POST', '/v1/threads', { memberIds: [ana.id, stranger.id] })).json.id).not.toBe(thread);
    expect(await leo.call('POST', '/v1/threads', { memberIds: [leo.id] })).toMatchObject({
      status: 422,
      json: { code: 'cannot_message_yourself' },
    });
    const answers = [
      await stranger.say(thread, 'hello'),
      await stranger.call('GET', `/v1/threads/${thread}/messages`),
      await stranger.call('POST', `/v1/threads/${thread}/read`, {}),
      await stranger.say('77', 'hello'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('are refused between people of whom one has blocked the other', async () => {
    const { ana, leo, thread } = await pair();
    const other = person();
    await leo.call('PUT', `/v1/users/${ana.id}/block`);
    for (const [one, another] of [
      [ana, leo],
      [leo, ana],
    ] as const) {
      expect(await one.say(thread, 'hello')).toMatchObject({ status: 403, json: { code: 'blocked' } });
      const started = await one.call('POST', '/v1/threads', { memberIds: [another.id, other.id] });
      expect(started).toMatchObject({ status: 403, json: { code: 'blocked' } });
    }
  });
});

describe('a block within a larger thread', () => {
  it('keeps each from reading what the other writes, and nobody else; the numbers stay', async () => {
    const [ana, leo, mia] = [person(app.url), person(second.url), person()];
    const { json } = await ana.call('POST', '/v1/threads', { memberIds: [leo.id, mia.id] });
    const thread = json.id;
    await leo.call('PUT', `/v1/users/${ana.id}/block`);
    const [hers, his, others] = [await ana.follow(), await leo.follow(), await mia.follow()];
    for (const [from, text] of [
      [ana, 'from ana'],
      [leo, 'from leo'],
      [mia, 'from mia'],
    ] as const)
      expect((await from.say(thread, text)).status).toBe(202);
    const all = [hers, his, others];
    await until('all have come to all', () => all.every((reader) => reader.of('message').length === 3));
    const seen = (reader: EventReader) => reader.of('message').map(({ data }) => [data.seq, data.text, data.hidden]);
    const shown = [
      [1, 'from ana', false],
      [2, 'from leo', false],
      [3, 'from mia', false],
    ];
    const without = (seq: number) => shown.map((one) => (one[0] === seq ? [seq, '', true] : one));
    expect(all.map(seen)).toEqual([without(2), without(1), shown]);
    const read = async ({ call }: typeof ana) =>
      (await call('GET', `/v1/threads/${thread}/messages`)).json.items
        .map(({ seq, text, hidden }: { seq: number; text: string; hidden: boolean }) => [seq, text, hidden])
        .toReversed();
    expect([await read(ana), await read(leo), await read(mia)]).toEqual([without(2), without(1), shown]);
    await ana.say(thread, 'the last one');
    await until('it is the last', async () => (await leo.inbox())[0].lastMessage.seq === 4);
    expect((await leo.inbox())[0]).toMatchObject({ unreadCount: 2, lastMessage: { text: '', hidden: true } });
    await leo.call('DELETE', `/v1/users/${ana.id}/block`);
    expect((await read(leo)).slice(0, 3)).toEqual(shown);
  });
});

describe('a message that can not be delivered', () => {
  /** Makes the push of the messages of a thread fail, in the database itself, until `heal`. */
  async function poison(thread: string, seqs: number[]) {
    const name = `poison_${freshPrefix()}`;
    const { database } = app.twolane;
    await database.query(`create function ${name}() returns trigger language plpgsql as
      $f$ begin raise exception 'this one can not be pushed'; end $f$`);
    await database.query(`create trigger ${name} before insert on twolane_social.inbox_events for each row
      when (new.thread_id = ${thread} and new.message_seq in (${seqs.join(',')}) and new.kind = 'message') execute function ${name}()`);
    return { heal: () => database.query(`drop trigger ${name} on twolane_social.inbox_events`) };
  }
  const dead = async (key: string) =>
    until('a job is dead', async () => {
      const { json } = await caller(app.url)('GET', `/v1/jobs?state=dead&key=${encodeURIComponent(key)}`, {
        token: apiKey,
      });
      return json.items[0]?.id as string | undefined;
    });
  const act = (id: string, what: 'retry' | 'discard', body = {}) =>
    caller(app.url)('POST', `/v1/jobs/${id}/${what}`, { token: apiKey, body });

  it(
    'parks its own thread only, and a retry releases all in order',
    async () => {
      const [stuck, free] = [await pair(), await pair()];
      const [his, others] = [await stuck.leo.follow(), await free.leo.follow()];
      const { heal } = await poison(stuck.thread, [3]);
      for (const text of upTo(6)) await stuck.ana.say(stuck.thread, text);
      const job = await dead(`thread:${stuck.thread}`);
      for (const text of ['m7', 'm8']) await stuck.ana.say(stuck.thread, text);
      for (const text of upTo(5)) await free.ana.say(free.thread, text);
      await until('the other thread goes on', () => others.of('message').length === 5);
      expect(texts(his)).toEqual(['m1', 'm2']);
      await heal();
      expect((await act(job, 'retry')).status).toBe(202);
      await until('the rest has come', () => his.of('message').length === 8);
      expect(texts(his)).toEqual(upTo(8));
    },
    slow,
  );

  it(
    'is left out when it is discarded, also one that is met on the way',
    async () => {
      const { ana, leo, thread } = await pair();
      const his = await leo.follow();
      const { heal } = await poison(thread, [2, 4]);
      for (const text of upTo(6)) await ana.say(thread, text);
      const first = await dead(`thread:${thread}`);
      expect((await act(first, 'discard')).status).toBe(202);
      await until('the third has come', () => his.of('message').length === 2, { timeoutMs: slow });
      const next = await dead(`thread:${thread}`);
      await ana.say(thread, 'm7');
      expect((await act(next, 'discard', { forGood: true })).status).toBe(202);
      await until('all others have come', () => his.of('message').length === 5, { timeoutMs: slow });
      expect(texts(his)).toEqual(['m1', 'm3', 'm5', 'm6', 'm7']);
      await heal();
    },
    2 * slow,
  );
});

/** What every message store promises, shown on PostgreSQL. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message, MessageStore } from '../../src/contract/message-store.ts';
import { PostgresMessageStore } from '../../src/social/direct/messages.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';

describe('a message store', () => {
  let social: SocialStores;
  let store: MessageStore;
  let threadId: string;
  let threads = 0;

  beforeAll(async () => {
    social = await socialStores();
    store = new PostgresMessageStore(social.db.databaseFor);
  });
  beforeEach(() => {
    threadId = String(7_000_000_000_000_000_000n + BigInt(++threads));
  });
  afterAll(() => social.close());

  const message = (seq: number, text = `text ${seq}`): Message => ({
    id: String(100 + seq),
    threadId,
    seq,
    senderId: 'ana',
    text,
    createdAt: new Date(1_700_000_000_000 + seq).toISOString(),
  });
  const put = (...messages: Message[]) =>
    social.db.transaction(async (tx) => {
      for (const one of messages) await store.put(tx, one);
    });

  it('gives a thread from the highest number down, whatever order it was written in', async () => {
    await put(message(2), message(3), message(1));
    expect(await store.page(threadId, { through: 3, limit: 10 })).toEqual([message(3), message(2), message(1)]);
  });

  it('gives nothing above the number that may be shown', async () => {
    await put(message(1), message(2));
    expect(await store.page(threadId, { through: 1, limit: 10 })).toEqual([message(1)]);
    expect(await store.page(threadId, { through: 0, limit: 10 })).toEqual([]);
  });

  it('holds one message per number: a later write replaces it', async () => {
    await put(message(1, 'rolled back'));
    await put(message(1, 'said'));
    expect(await store.page(threadId, { through: 1, limit: 10 })).toEqual([message(1, 'said')]);
  });

  it('finds those that there are, in many threads at once', async () => {
    const other = { ...message(1), threadId: `${BigInt(threadId) + 1_000_000n}` };
    await put(message(1), message(2), other);
    const found = await store.find([message(2), other, { threadId, seq: 9 }]);
    expect(found.toSorted((a, b) => b.seq - a.seq)).toEqual([message(2), other]);
    expect(await store.find([])).toEqual([]);
  });

  it('keeps any text as it is', async () => {
    const texts = ['🤷🏽‍♀️ עברית ‏', "'; drop table", ' \n\t', 'é é', 'x'.repeat(10_000)];
    await put(...texts.map((text, index) => message(index + 1, text)));
    const page = await store.page(threadId, { through: texts.length, limit: 10 });
    expect(page.map(({ text }) => text)).toEqual(texts.toReversed());
  });

  it('pages without gap or repetition while it is written to', async () => {
    const sizes = fc.record({ count: fc.integer({ min: 0, max: 30 }), limit: fc.integer({ min: 1, max: 7 }) });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, limit }) => {
        threadId = String(7_000_000_000_000_000_000n + BigInt(++threads));
        await put(...Array.from({ length: count }, (_, n) => message(n + 1)));
        const seen: number[] = [];
        for (let through = count; ; ) {
          const page = await store.page(threadId, { through, limit });
          seen.push(...page.map(({ seq }) => seq));
          await put(message(count + seen.length + 1));
          if (page.length < limit) break;
          through = (page.at(-1)?.seq ?? 1) - 1;
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, n) => count - n));
      }),
      { numRuns: 15 },
    );
  });
});

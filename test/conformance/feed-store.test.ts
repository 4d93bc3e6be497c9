/** What every feed store promises, shown on a real Redis and on the one in memory that other tests use. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedStore, feedCap } from '../../src/contract/feed-store.ts';
import { RedisFeedStore } from '../../src/social/feed/redis-feed-store.ts';
import { MemoryFeedStore } from '../support/memory-feed-store.ts';
import { freshPrefix, testUrls, until } from '../support/stack.ts';

const base = 7_000_000_000_000_000_000n;
const id = (n: number) => String(base + BigInt(n));
const ids = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => id(from < to ? from + i : from - i));

const onRedis = (keptMs: number) =>
  new RedisFeedStore(new Redis(testUrls().REDIS_URL), { prefix: freshPrefix(), keptMs });

const stores: [string, (keptMs: number) => FeedStore][] = [
  ['on Redis', onRedis],
  ['of the tests', (keptMs) => new MemoryFeedStore(keptMs)],
];

describe.each(stores)('a feed store %s', (_, make) => {
  let feeds: FeedStore;
  let user: string;

  beforeAll(() => {
    feeds = make(60_000);
  });
  beforeEach(() => {
    user = freshPrefix();
  });
  afterAll(() => feeds.close());
  const whole = (userId: string, posts: string[] = []) => feeds.rebuild(userId, async () => posts);
  const all = async (userId = user) => (await feeds.page(userId, { limit: feedCap }))?.ids;

  it('gives post ids from the highest down, whatever order they came in', async () => {
    await whole(user);
    for (const n of [3, 1, 2]) await feeds.insert([user], id(n));
    expect(await feeds.page(user, { limit: 10 })).toEqual({ ids: ids(3, 1), complete: true });
  });

  it('orders ids of different lengths by number, and returns them unpadded', async () => {
    await whole(user, ['9', '10', '9223372036854775807']);
    expect(await all()).toEqual(['9223372036854775807', '10', '9']);
  });

  it('holds a post once, however often it is inserted', async () => {
    await whole(user, [id(1)]);
    await Promise.all(Array.from({ length: 20 }, () => feeds.insert([user], id(1))));
    expect(await all()).toEqual([id(1)]);
  });

  it('puts one post into thousands of feeds and takes it out again', async () => {
    const users = Array.from({ length: 600 }, (_, n) => `${user}-${n}`);
    await Promise.all(users.map((name) => whole(name)));
    await feeds.insert(users, id(1));
    expect(await Promise.all(users.map(all))).toEqual(users.map(() => [id(1)]));
    await feeds.remove(users, id(1));
    expect(await Promise.all(users.map(all))).toEqual(users.map(() => []));
  });

  it(`keeps the ${feedCap} highest ids, also of posts that come late, and says that there are more`, async () => {
    await whole(user, ids(2, feedCap));
    expect((await feeds.page(user, { limit: 1 }))?.complete).toBe(true);
    await feeds.insert([user], id(feedCap + 1));
    expect((await feeds.page(user, { limit: 1 }))?.complete).toBe(false);
    await feeds.insert([user], id(1));
    expect(await all()).toEqual(ids(feedCap + 1, 2));
    await feeds.insert([user], id(feedCap + 2));
    expect(await feeds.page(user, { limit: feedCap })).toEqual({ ids: ids(feedCap + 2, 3), complete: false });
  });

  it('drops a full feed that loses a post, so that none that it has dropped is missed at its end', async () => {
    await whole(user, ids(1, feedCap));
    await feeds.remove([user], id(feedCap + 1));
    expect(await all()).toHaveLength(feedCap);
    await feeds.remove([user], id(7));
    expect(await feeds.page(user, { limit: 1 })).toBeUndefined();
  });

  it('pages by cursor without gap or repetition while new posts come in', async () => {
    await whole(user, ids(1, 30));
    const seen: string[] = [];
    for (let page = await feeds.page(user, { limit: 7 }); page?.ids.length; ) {
      seen.push(...page.ids);
      await feeds.insert([user], id(100 + seen.length));
      page = await feeds.page(user, { limit: 7, before: seen.at(-1) as string });
    }
    expect(seen).toEqual(ids(30, 1));
  });

  it('goes on below a cursor whose post was removed', async () => {
    await whole(user, ids(1, 5));
    await feeds.remove([user], id(3));
    expect((await feeds.page(user, { limit: 2, before: id(3) }))?.ids).toEqual(ids(2, 1));
  });

  it('tells a feed that is not there from one that is empty', async () => {
    expect(await feeds.page(user, { limit: 10 })).toBeUndefined();
    await whole(user);
    expect(await feeds.page(user, { limit: 10 })).toEqual({ ids: [], complete: true });
  });

  it('skips feeds that are not stored, so that nothing piles up for people who do not come', async () => {
    await feeds.insert([user], id(4));
    expect(await feeds.page(user, { limit: 10 })).toBeUndefined();
    await whole(user, ids(1, 3));
    expect(await all()).toEqual(ids(3, 1));
  });

  it('drops a feed that nobody reads for the time given, whatever comes in', async () => {
    const brief = make(150);
    await brief.rebuild(user, async () => ids(1, 3));
    let inserted = 3;
    const before = Date.now();
    const gone = async () => {
      await brief.insert([user], id(++inserted));
      // A rebuild reads only when the feed is not there, and does not count as a read of it.
      let read = false;
      await brief.rebuild(user, async () => {
        read = true;
        return [];
      });
      return read;
    };
    await until('the feed is dropped', gone, { timeoutMs: 5_000 });
    expect(Date.now() - before).toBeGreaterThan(140);
    expect(inserted).toBeGreaterThan(4);
    await brief.close();
  });

  it('keeps a feed that is read', async () => {
    const brief = make(200);
    await brief.rebuild(user, async () => ids(1, 3));
    for (const end = Date.now() + 350; Date.now() < end; ) {
      expect(await brief.page(user, { limit: 10 })).toEqual({ ids: ids(3, 1), complete: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await brief.close();
  });

  it('keeps what is inserted while it is rebuilt', async () => {
    await feeds.rebuild(user, async () => {
      await feeds.insert([user], id(9));
      return ids(1, 2);
    });
    expect(await all()).toEqual([id(9), ...ids(2, 1)]);
  });

  it('reads again when the feed is lost while it is rebuilt', async () => {
    let reads = 0;
    await feeds.rebuild(user, async () => {
      reads += 1;
      if (reads === 1) await feeds.forget([user]);
      return ids(1, reads);
    });
    expect(reads).toBe(2);
    expect(await all()).toEqual(ids(2, 1));
  });

  it('gives up with a reason when the feed is lost again and again', async () => {
    const lost = feeds.rebuild(user, async () => {
      await feeds.forget([user]);
      return [];
    });
    await expect(lost).rejects.toMatchObject({ code: 'feed_unsettled' });
  });

  it('survives three rebuilds at once, and caps as before', async () => {
    await Promise.all([1, 2, 3].map(() => whole(user, ids(1, feedCap))));
    await feeds.insert([user], id(feedCap + 1));
    expect(await all()).toEqual(ids(feedCap + 1, 2));
  });

  it('agrees with a sorted set for any run of inserts and removals', async () => {
    const step = fc.record({ remove: fc.boolean(), n: fc.integer({ min: 1, max: 40 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const name = freshPrefix();
        await whole(name);
        const model = new Set<number>();
        for (const { remove, n } of steps) {
          await (remove ? feeds.remove([name], id(n)) : feeds.insert([name], id(n)));
          if (remove) model.delete(n);
          else model.add(n);
        }
        expect(await all(name)).toEqual([...model].sort((a, b) => b - a).map(id));
      }),
      { numRuns: 30 },
    );
  });
});

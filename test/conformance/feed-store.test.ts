/** What every feed store promises, shown on a real Redis. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedStore, feedCap } from '../../src/contract/feed-store.ts';
import { RedisFeedStore } from '../../src/social/feed/redis-feed-store.ts';
import { freshPrefix, testUrls } from '../support/stack.ts';

const base = 7_000_000_000_000_000_000n;
const id = (n: number) => String(base + BigInt(n));
const ids = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => id(from < to ? from + i : from - i));

describe('a feed store', () => {
  const prefix = freshPrefix();
  let redis: Redis;
  let feeds: FeedStore;
  let user: string;

  beforeAll(() => {
    redis = new Redis(testUrls().REDIS_URL);
    feeds = new RedisFeedStore(redis.duplicate(), prefix);
  });
  beforeEach(() => {
    user = freshPrefix();
  });
  afterAll(async () => {
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.unlink(keys);
    await Promise.all([feeds.close(), redis.quit()]);
  });
  const whole = (userId: string, posts: string[] = []) => feeds.rebuild(userId, async () => posts);

  it('gives post ids from the highest down, whatever order they came in', async () => {
    await whole(user);
    for (const n of [3, 1, 2]) await feeds.insert([user], id(n));
    expect(await feeds.page(user, { limit: 10 })).toEqual(ids(3, 1));
  });

  it('orders ids of different lengths by number, and returns them unpadded', async () => {
    await whole(user, ['9', '10', '9223372036854775807']);
    expect(await feeds.page(user, { limit: 10 })).toEqual(['9223372036854775807', '10', '9']);
  });

  it('holds a post once, however often it is inserted', async () => {
    await whole(user, [id(1)]);
    await Promise.all(Array.from({ length: 20 }, () => feeds.insert([user], id(1))));
    expect(await feeds.page(user, { limit: 10 })).toEqual([id(1)]);
  });

  it('puts one post into thousands of feeds and takes it out again', async () => {
    const users = Array.from({ length: 2_345 }, (_, n) => `${user}-${n}`);
    await feeds.insert(users, id(1));
    const held = await Promise.all(users.map((name) => redis.zcard(`${prefix}:feed:${name}`)));
    expect(held.every((count) => count === 1)).toBe(true);
    await feeds.remove(users, id(1));
    expect(await redis.exists(...users.map((name) => `${prefix}:feed:${name}`))).toBe(0);
  });

  it(`keeps the ${feedCap} highest ids, also of posts that come late`, async () => {
    await whole(user, ids(2, feedCap + 1));
    await feeds.insert([user], id(1));
    expect(await feeds.page(user, { limit: feedCap })).toEqual(ids(feedCap + 1, 2));
    await feeds.insert([user], id(feedCap + 2));
    expect(await feeds.page(user, { limit: feedCap })).toEqual(ids(feedCap + 2, 3));
  });

  it('pages by cursor without gap or repetition while new posts come in', async () => {
    await whole(user, ids(1, 30));
    const seen: string[] = [];
    for (let page = await feeds.page(user, { limit: 7 }); page?.length; ) {
      seen.push(...page);
      await feeds.insert([user], id(100 + seen.length));
      page = await feeds.page(user, { limit: 7, before: seen.at(-1) });
    }
    expect(seen).toEqual(ids(30, 1));
  });

  it('goes on below a cursor whose post was removed', async () => {
    await whole(user, ids(1, 5));
    await feeds.remove([user], id(3));
    expect(await feeds.page(user, { limit: 2, before: id(3) })).toEqual(ids(2, 1));
  });

  it('tells a feed that is not there from one that is empty', async () => {
    expect(await feeds.page(user, { limit: 10 })).toBeUndefined();
    await whole(user);
    expect(await feeds.page(user, { limit: 10 })).toEqual([]);
  });

  it('does not take a feed for whole that was lost and got a new post since', async () => {
    await whole(user, ids(1, 3));
    await feeds.forget([user]);
    await feeds.insert([user], id(4));
    expect(await feeds.page(user, { limit: 10 })).toBeUndefined();
    await whole(user, ids(1, 3));
    expect(await feeds.page(user, { limit: 10 })).toEqual(ids(4, 1));
  });

  it('keeps what is inserted while it is rebuilt', async () => {
    await feeds.rebuild(user, async () => {
      await feeds.insert([user], id(9));
      return ids(1, 2);
    });
    expect(await feeds.page(user, { limit: 10 })).toEqual([id(9), ...ids(2, 1)]);
  });

  it('reads again when the feed is lost while it is rebuilt', async () => {
    let reads = 0;
    await feeds.rebuild(user, async () => {
      reads += 1;
      if (reads === 1) await feeds.forget([user]);
      return ids(1, reads);
    });
    expect(reads).toBe(2);
    expect(await feeds.page(user, { limit: 10 })).toEqual(ids(2, 1));
  });

  it('gives up with a reason when the feed is lost again and again', async () => {
    const lost = feeds.rebuild(user, async () => {
      await feeds.forget([user]);
      return [];
    });
    await expect(lost).rejects.toMatchObject({ code: 'feed_unsettled' });
  });

  it('survives two rebuilds at once', async () => {
    await Promise.all([whole(user, ids(1, 5)), whole(user, ids(1, 5)), whole(user, ids(1, 5))]);
    expect(await feeds.page(user, { limit: 10 })).toEqual(ids(5, 1));
    expect(await redis.zcard(`${prefix}:feed:${user}`)).toBe(6);
  });

  it('agrees with a sorted, capped set for any run of inserts and removals', async () => {
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
        const expected = [...model].sort((a, b) => b - a).map(id);
        expect(await feeds.page(name, { limit: feedCap })).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

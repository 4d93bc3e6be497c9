/** Feeds over both stores: merged at read, rebuilt as they were, paged while the world changes; and the rules of a fan-out. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { feedCap } from '../../src/contract/feed-store.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { HomeFeed } from '../../src/social/feed/home-feed.ts';
import { OnlineFirst } from '../../src/social/feed/online-first.ts';
import { RedisFeedStore } from '../../src/social/feed/redis-feed-store.ts';
import { newerFirst } from '../../src/social/ids.ts';
import { long } from '../support/long.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix, privateStack } from '../support/stack.ts';

let stack: Awaited<ReturnType<typeof privateStack>>;
let social: SocialStores;
beforeAll(async () => {
  stack = await privateStack({ only: ['redis'] });
  social = await socialStores({ redisUrl: stack.urls.REDIS_URL });
});
afterAll(async () => {
  await social.close();
  await stack.remove();
});

const somebody = freshPrefix;
const people = (count: number) => Array.from({ length: count }, somebody);

/** Everything that a user sees, page by page; `between` happens after each page. */
async function readAll(userId: string, limit: number, between: () => Promise<unknown> = async () => undefined) {
  const seen: string[] = [];
  for (let before: string | undefined; ; ) {
    const { items, nextCursor } = await social.home.page(userId, { limit, ...(before && { before }) });
    seen.push(...items.map(({ id }) => id));
    if (nextCursor === null) return seen;
    before = nextCursor;
    await between();
  }
}

/** A published post in the feeds of these readers; one above the threshold when `merged`. */
async function publish(author: string, readers: readonly string[], merged = false): Promise<string> {
  const id = await social.post(author, merged ? { mergedAbove: 0 } : {});
  await social.deliveries.carryOut('deliver', [author, ...readers], id);
  return id;
}

const remove = (id: string) => social.db.transaction((tx) => social.posts.remove(tx, id));

describe('a feed', () => {
  it('is the same after Redis has lost everything, merged posts and late ones included', async () => {
    const [reader, ana, mia] = people(3) as [string, string, string];
    await Promise.all([social.follow(reader, ana), social.follow(reader, mia)]);
    await readAll(reader, 50);
    for (let n = 0; n < 12; n++)
      await publish([ana, mia, reader][n % 3] as string, [reader], n % 4 === 3 && n % 3 !== 2);
    await social.post(somebody());
    const [stored, original] = [await social.feeds.page(reader, { limit: feedCap }), await readAll(reader, 5)];
    expect(original).toHaveLength(12);
    expect(stored?.ids).toHaveLength(10);
    await social.redis.flushall();
    expect(await social.feeds.page(reader, { limit: 1 })).toBeUndefined();
    expect(await readAll(reader, 5)).toEqual(original);
    expect(await social.feeds.page(reader, { limit: feedCap })).toEqual(stored);
  });

  it('leaves out what was deleted, hidden or unfollowed at once, and fills its page from further down', async () => {
    const [reader, ana, mia] = people(3) as [string, string, string];
    await Promise.all([social.follow(reader, ana), social.follow(reader, mia)]);
    const posts: string[] = [];
    for (let n = 0; n < 9; n++) posts.unshift(await social.post(n % 3 === 0 ? mia : ana));
    expect((await social.home.page(reader, { limit: 9 })).items.map((post) => post.id)).toEqual(posts);
    await remove(posts[0] as string);
    await social.db.transaction((tx) => social.posts.changeAudience(tx, posts[1] as string, 'me'));
    await social.db.transaction((tx) => social.follows.remove(tx, reader, mia));
    const left = posts.filter((_, index) => index > 1 && (8 - index) % 3 !== 0);
    expect(await social.feeds.page(reader, { limit: 9 })).toMatchObject({ ids: posts });
    const first = await social.home.page(reader, { limit: 3 });
    expect(first.items.map((post) => post.id)).toEqual(left.slice(0, 3));
    expect(await readAll(reader, 3)).toEqual(left);
  });

  it(`goes on below the ${feedCap} posts that are stored, without a gap while new ones push others out`, async () => {
    const [reader, ana] = people(2) as [string, string];
    await social.follow(reader, ana);
    await social.db.query(
      `insert into twolane_social.posts (id, author_id, caption, noun, job_id, state)
       select 1000 + n, $1, '', 'photo', 1, 'published' from generate_series(1, ${feedCap} + 40) n`,
      [ana],
    );
    const ids = Array.from({ length: feedCap + 40 }, (_, n) => String(1000 + feedCap + 40 - n));
    const seen = await readAll(reader, 150, () => publish(ana, [reader]));
    expect(seen).toEqual(ids);
    expect(await social.feeds.page(reader, { limit: feedCap })).toMatchObject({ complete: false });
  });

  it('loses no post of an author who crosses the threshold up and down', async () => {
    const [reader, star] = people(2) as [string, string];
    await social.follow(reader, star);
    await readAll(reader, 50);
    const posts: string[] = [];
    const threshold = 3;
    const post = async () => {
      const id = await social.post(star, { mergedAbove: threshold });
      await social.deliveries.carryOut('deliver', [reader], id);
      posts.unshift(id);
      return (await social.feedPosts.placeOf(id)) as string;
    };
    const fans = people(threshold);
    const places = [await post()];
    for (const fan of fans) await social.follow(fan, star);
    places.push(await post(), await post());
    for (const fan of fans) await social.db.transaction((tx) => social.follows.remove(tx, fan, star));
    places.push(await post());
    expect(places).toEqual(['written', 'merged', 'merged', 'written']);
    expect(await readAll(reader, 3)).toEqual(posts);
    expect((await social.feeds.page(reader, { limit: 10 }))?.ids).toEqual([posts[0], posts[3]]);
    await social.feeds.forget([reader]);
    expect(await readAll(reader, 1)).toEqual(posts);
    expect(await readAll(star, 2)).toEqual(posts);
    await social.db.transaction((tx) => social.follows.remove(tx, reader, star));
    expect(await readAll(reader, 2)).toEqual([]);
  });

  it('is rebuilt in less than a second for somebody who follows 500 people with 100 posts each', async () => {
    const reader = somebody();
    await social.db.query(
      `with authors as (select $1 || lpad(n::text, 3, '0') as id, n from generate_series(0, 499) n), followed as (
         insert into twolane_social.follows (follower_id, followee_id) select $1, id from authors)
       insert into twolane_social.posts (id, author_id, caption, noun, job_id, state)
       select 100000 + m * 500 + n, id, '', 'photo', 1, 'published' from authors, generate_series(0, 99) m`,
      [reader],
    );
    await social.db.query('analyze twolane_social.posts, twolane_social.follows');
    const startedAt = performance.now();
    const { items } = await social.home.page(reader, { limit: 50 });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(items.map(({ id }) => Number(id))).toEqual(Array.from({ length: 50 }, (_, n) => 149_999 - n));
    expect((await social.feeds.page(reader, { limit: feedCap }))?.ids).toHaveLength(feedCap);
  });

  /** What may happen between two pages, each with the number that chooses who or what. */
  const events = fc.array(
    fc.record({
      what: fc.constantFrom('publish', 'publishMerged', 'delete', 'hide', 'lose', 'rebuild'),
      n: fc.nat(50),
    }),
    { maxLength: 4 },
  );
  const world = fc.record({
    merged: fc.array(fc.boolean(), { maxLength: 25 }),
    limit: fc.integer({ min: 1, max: 6 }),
    meanwhile: fc.array(events, { maxLength: 12 }),
  });
  const pagedWithoutGap = (numRuns: number) =>
    fc.assert(
      fc.asyncProperty(world, async ({ merged, limit, meanwhile }) => {
        const [reader, ...authors] = people(4) as [string, ...string[]];
        for (const author of authors) await social.follow(reader, author);
        await readAll(reader, 50);
        const atFirst: string[] = [];
        for (const [n, flag] of merged.entries()) atFirst.push(await publish(authors[n % 3] as string, [reader], flag));
        const gone = new Set<string>();
        let page = 0;
        const seen = await readAll(reader, limit, async () => {
          for (const { what, n } of meanwhile[page++] ?? []) {
            const post = atFirst[n % Math.max(1, atFirst.length)];
            const author = authors[n % 3] as string;
            if (what === 'publish') await publish(author, [reader]);
            if (what === 'publishMerged') await publish(author, [reader], true);
            if (what === 'lose') await social.feeds.forget([reader]);
            if (what === 'rebuild')
              await social.feeds.rebuild(reader, () => social.feedPosts.written(reader, { limit: feedCap }));
            if ((what === 'delete' || what === 'hide') && post) {
              gone.add(post);
              if (what === 'delete') await remove(post);
              else await social.db.transaction((tx) => social.posts.changeAudience(tx, post, 'me'));
              await social.deliveries.carryOut('retract', [reader], post);
            }
          }
        });
        expect(seen).toEqual([...new Set(seen)].sort(newerFirst));
        expect(atFirst.filter((id) => !gone.has(id) && !seen.includes(id))).toEqual([]);
        expect(seen.filter((id) => !atFirst.includes(id))).toEqual([]);
      }),
      { numRuns },
    );

  it('has no gap and no duplicate however it changes between its pages', () => pagedWithoutGap(6));
  it('has none in 2,000 histories', { ...long, timeout: 1_200_000 }, () => pagedWithoutGap(2_000));
});

describe('a feed while Redis is away', () => {
  it('is read from PostgreSQL, page by page', async () => {
    const nowhere = new Redis({ port: await freePort(), maxRetriesPerRequest: 0 });
    nowhere.on('error', () => undefined);
    const feeds = new RedisFeedStore(nowhere, { prefix: 'nowhere', keptMs: 1_000 });
    const home = new HomeFeed(feeds, social.feedPosts, silentLogger);
    const [reader, ana] = people(2) as [string, string];
    await social.follow(reader, ana);
    const posts = [await social.post(ana), await social.post(reader), await social.post(ana)].toReversed();
    const first = await home.page(reader, { limit: 2 });
    const second = await home.page(reader, { limit: 2, before: first.nextCursor as string });
    expect([...first.items, ...second.items].map((post) => post.id)).toEqual(posts);
    nowhere.disconnect();
  });
});

describe('a delivery', () => {
  it('that a deletion comes into leaves the post nowhere', async () => {
    const [reader, author] = people(2) as [string, string];
    await social.feeds.rebuild(reader, async () => []);
    const id = await social.post(author);
    const insert = social.feeds.insert.bind(social.feeds);
    social.feeds.insert = async (...args) => {
      await remove(id);
      await insert(...args);
    };
    await social.deliveries.carryOut('deliver', [reader], id);
    social.feeds.insert = insert;
    expect(await social.feeds.page(reader, { limit: 9 })).toMatchObject({ ids: [] });
  });

  it('leaves nothing with a follower who left meanwhile and has read since, and the post with the others', async () => {
    const [leaver, fan, author] = people(3) as [string, string, string];
    await Promise.all([social.follow(leaver, author), social.follow(fan, author)]);
    for (const reader of [leaver, fan]) await social.feeds.rebuild(reader, async () => []);
    const id = await social.post(author);
    const insert = social.feeds.insert.bind(social.feeds);
    social.feeds.insert = async (...args) => {
      await social.db.transaction((tx) => social.follows.remove(tx, leaver, author));
      await social.feeds.forget([leaver]);
      await readAll(leaver, 5);
      await insert(...args);
    };
    const followers = () => social.follows.followers(author, { after: '', limit: 10 });
    expect(await social.deliveries.carryOut('deliver', followers, id)).toBe(2);
    social.feeds.insert = insert;
    const stored = async (reader: string) => (await social.feeds.page(reader, { limit: 9 }))?.ids;
    expect([await stored(leaver), await stored(fan)]).toEqual([[], [id]]);
  });

  it('does nothing once its post belongs elsewhere, nor does a withdrawal of one that is back', async () => {
    const [reader, author] = people(2) as [string, string];
    await social.feeds.rebuild(reader, async () => []);
    const [hidden, shown] = [await social.post(author), await social.post(author)];
    await social.db.transaction((tx) => social.posts.changeAudience(tx, hidden, 'me'));
    await social.deliveries.carryOut('deliver', [reader], hidden);
    await social.deliveries.carryOut('deliver', [reader], shown);
    await social.deliveries.carryOut('retract', [reader], shown);
    expect(await social.feeds.page(reader, { limit: 9 })).toMatchObject({ ids: [shown] });
  });
});

describe('a fan-out', () => {
  it('can be moved by the newest fence only, goes on where the last one came to, and is listed until its pages are done', async () => {
    const [postId, authorId] = [await social.post('an author'), 'an author'];
    const old = { jobId: '71', postId, pass: 'deliver', fence: 1, followers: 15 } as const;
    const newer = { ...old, fence: 2 };
    expect(await social.fanOuts.take(old)).toMatchObject({ cursor: '', pages: 0, finished: false });
    expect(await social.fanOuts.advance(social.db, old, 'b', 10)).toMatchObject({ cursor: 'b', pages: 1, feeds: 10 });
    expect(await social.fanOuts.take(newer)).toMatchObject({ cursor: 'b', pages: 1 });
    expect(await social.fanOuts.advance(social.db, old, 'c', 10)).toBeUndefined();
    expect(await social.fanOuts.finish(social.db, old)).toBe(false);
    expect(await social.fanOuts.take(old)).toBeUndefined();
    expect(await social.fanOuts.advance(social.db, newer, 'c', 5)).toMatchObject({ pages: 2, feeds: 15 });
    expect(await social.fanOuts.advance(social.db, newer, 'c', 5)).toBeUndefined();
    await social.fanOuts.pageDone(social.db, '71', 10);
    expect(await social.fanOuts.finish(social.db, newer)).toBe(true);
    const listed = {
      jobId: '71',
      postId,
      authorId,
      pass: 'deliver',
      followers: 15,
      feeds: 15,
      delivered: 10,
      pagesDone: 1,
    };
    expect(await social.fanOuts.inProgress(10)).toEqual([expect.objectContaining(listed)]);
    await social.fanOuts.pageDone(social.db, '71', 5);
    expect(await social.fanOuts.delivery(postId)).toMatchObject({ delivered: 15, pagesDone: 2, ended: true });
    expect(await social.fanOuts.inProgress(10)).toEqual([]);
  });

  it('knows who is here', async () => {
    const [ana, mia, leo] = people(3) as [string, string, string];
    for (const user of [ana, ana, leo]) social.presence.seen(user);
    const since = social.presence.since();
    expect(await social.presence.among([mia, leo, ana], since)).toEqual([leo, ana]);
    expect(await social.presence.any(since)).toBe(true);
    expect(await social.presence.any(Date.now() + 60_000)).toBe(false);
  });

  it('writes to all who are here before anybody else, whatever their ids, once each however often it is repeated', async () => {
    const [author, fans] = [somebody(), people(1_100).toSorted()];
    await social.db.query(
      'insert into twolane_social.follows (follower_id, followee_id) select id, $2 from unnest($1::text[]) id',
      [fans, author],
    );
    const onlineFirst = new OnlineFirst(social);
    const chosen = fc.uniqueArray(fc.nat(fans.length - 1), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(chosen, fc.integer({ min: 1, max: 3 }), async (places, times) => {
        await social.redis.del(`${social.prefix}:present`);
        const here = new Set(places.map((place) => fans[place] as string));
        for (const id of here) await social.redis.zadd(`${social.prefix}:present`, Date.now(), id);
        const postId = await social.post(author);
        const order: string[] = [];
        const insert = social.feeds.insert.bind(social.feeds);
        social.feeds.insert = async (ids, post) => {
          order.push(...ids);
          await insert(ids, post);
        };
        for (let n = 0; n < times; n++)
          await onlineFirst.deliver({ postId, authorId: author, followers: fans.length }, new AbortController().signal);
        expect([new Set(order), order.length]).toEqual([here, times * here.size]);
        for (const [after, through] of [
          ['', fans[549]],
          [fans[549], fans.at(-1)],
        ] as [string, string][])
          await social.deliveries.carryOut('deliver', () => social.follows.between(author, after, through), postId);
        social.feeds.insert = insert;
        expect(new Set(order)).toEqual(new Set(fans));
      }),
      { numRuns: 5 },
    );
  });
});

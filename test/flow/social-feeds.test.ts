/** Feeds over both stores: rebuilt as they were, read while Redis is away; and the fence of a fan-out. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { feedCap } from '../../src/contract/feed-store.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { HomeFeed } from '../../src/social/feed/home-feed.ts';
import { RedisFeedStore } from '../../src/social/feed/redis-feed-store.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix } from '../support/stack.ts';

let social: SocialStores;
beforeAll(async () => {
  social = await socialStores();
});
afterAll(() => social.close());

const somebody = freshPrefix;

describe('a feed', () => {
  it('that was lost is rebuilt equal to the original', async () => {
    const [reader, ana, mia] = [somebody(), somebody(), somebody()];
    await Promise.all([social.follow(reader, ana), social.follow(reader, mia)]);
    await social.home.page(reader, { limit: 1 });
    for (let n = 0; n < 12; n++)
      await social.feeds.insert([reader], await social.post([ana, mia, reader][n % 3] as string));
    await social.post(somebody());
    const original = await social.feeds.page(reader, { limit: feedCap });
    expect(original).toHaveLength(12);
    await social.feeds.forget([reader]);
    const read = await social.home.page(reader, { limit: 5 });
    expect(read.items.map((post) => post.id)).toEqual(original?.slice(0, 5));
    expect(await social.feeds.page(reader, { limit: feedCap })).toEqual(original);
  });

  it('leaves out what was deleted or unfollowed at once, and fills its page from further down', async () => {
    const [reader, ana, mia] = [somebody(), somebody(), somebody()];
    await Promise.all([social.follow(reader, ana), social.follow(reader, mia)]);
    const posts: string[] = [];
    for (let n = 0; n < 9; n++) posts.unshift(await social.post(n % 3 === 0 ? mia : ana));
    expect((await social.home.page(reader, { limit: 9 })).items.map((post) => post.id)).toEqual(posts);
    await social.db.transaction((tx) => social.posts.remove(tx, posts[0] as string));
    await social.db.transaction((tx) => social.follows.remove(tx, reader, mia));
    const left = posts.filter((_, index) => index !== 0 && (8 - index) % 3 !== 0);
    const first = await social.home.page(reader, { limit: 3 });
    const second = await social.home.page(reader, { limit: 3, before: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map((post) => post.id)).toEqual(left);
    expect(second.nextCursor).toBeNull();
  });
});

describe('a feed while Redis is away', () => {
  it('is read from PostgreSQL, page by page', async () => {
    const nowhere = new Redis({ port: await freePort(), maxRetriesPerRequest: 0 });
    nowhere.on('error', () => undefined);
    const feeds = new RedisFeedStore(nowhere, 'nowhere');
    const home = new HomeFeed(feeds, social.posts, silentLogger);
    const [reader, ana] = [somebody(), somebody()];
    await social.follow(reader, ana);
    const posts = [await social.post(ana), await social.post(reader), await social.post(ana)].toReversed();
    const first = await home.page(reader, { limit: 2 });
    const second = await home.page(reader, { limit: 2, before: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map((post) => post.id)).toEqual(posts);
    nowhere.disconnect();
  });
});

describe('a fan-out', () => {
  it('can be moved by the newest fence only, and goes on where the last one came to', async () => {
    const postId = await social.post(somebody());
    const old = { postId, pass: 'deliver', fence: 1 } as const;
    const newer = { ...old, fence: 2 };
    expect(await social.fanOuts.take(old)).toMatchObject({ cursor: '', pages: 0, finished: false });
    expect(await social.fanOuts.advance(social.db, old, 'b', 10)).toMatchObject({ cursor: 'b', pages: 1, feeds: 10 });
    expect(await social.fanOuts.take(newer)).toMatchObject({ cursor: 'b', pages: 1 });
    expect(await social.fanOuts.advance(social.db, old, 'c', 10)).toBeUndefined();
    expect(await social.fanOuts.finish(social.db, old)).toBe(false);
    expect(await social.fanOuts.take(old)).toBeUndefined();
    expect(await social.fanOuts.advance(social.db, newer, 'c', 5)).toMatchObject({ pages: 2, feeds: 15 });
    expect(await social.fanOuts.advance(social.db, newer, 'c', 5)).toBeUndefined();
    expect(await social.fanOuts.finish(social.db, newer)).toBe(true);
  });
});

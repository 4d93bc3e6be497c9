/** What people do with each other: like, comment, follow, block, log in and out, and what they are told of it. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toId } from '../../src/social/feed/redis-feed-store.ts';
import { wholeMark } from '../../src/social/feed/scripts.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { SocialClient } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

const slow = 60_000;

/** Feeds that are still to be dropped, since their readers follow somebody new. */
async function feedsToDrop(of: TestApp): Promise<number> {
  const { rows } = await of.twolane.database.query<{ n: number }>(
    "select count(*)::int as n from twolane.live where type = 'refresh-feed'",
  );
  return rows[0]?.n ?? 0;
}

let app: TestApp;
let anybody: SocialClient;

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_FEED_MERGED_ABOVE: '2' } });
  anybody = new SocialClient(app.url);
}, slow);

afterAll(() => app.stop(), slow);

describe('people', () => {
  const signUp = () => anybody.signUp(freshPrefix());
  const texts = async (client: SocialClient) =>
    (await client.call('GET', '/v1/notifications')).body.items.map((item: { text: string }) => item.text);

  it(
    'are told of likes, of a like taken back, and of new followers',
    async () => {
      const author = await signUp();
      const post = await author.publish('mine');
      const [ana, mia] = [await signUp(), await signUp()];
      const name = async (client: SocialClient) =>
        (await author.call('GET', `/v1/users/${client.userId}`)).body.username;
      const [anaName, miaName] = [await name(ana), await name(mia)];
      for (const client of [ana, ana, mia]) {
        expect((await client.call('PUT', `/v1/posts/${post.id}/like`)).status).toBe(204);
      }
      await until('both are named', async () => (await texts(author))[0]?.includes(' and '));
      expect((await author.readPost(post.id)).likeCount).toBe(2);
      await mia.call('DELETE', `/v1/posts/${post.id}/like`);
      await until('one is left', async () => (await texts(author))[0] === `${anaName} liked your photo`);
      await mia.call('PUT', `/v1/users/${author.userId}/follow`);
      await until('the follower is named', async () => (await texts(author))[0] === `${miaName} started following you`);
      const { items } = (await author.call('GET', '/v1/notifications')).body;
      expect(items[1]).toMatchObject({ kind: 'like', count: 1, objectId: post.id, readAt: null });
      expect(items[1].actors).toEqual([{ id: ana.userId, username: anaName }]);
      expect((await author.call('POST', '/v1/notifications/read', { ids: [items[0].id] })).status).toBe(204);
      const again = (await author.call('GET', '/v1/notifications')).body.items;
      expect(again.map((item: { kind: string; readAt: string | null }) => [item.kind, item.readAt === null])).toEqual([
        ['like', true],
        ['follow', false],
      ]);
    },
    slow,
  );

  it(
    'see the posts of whom they follow, until they unfollow or are blocked',
    async () => {
      const [author, reader] = [await signUp(), await signUp()];
      const post = await author.publish('hello');
      expect(await reader.feed()).toEqual([]);
      await reader.call('PUT', `/v1/users/${author.userId}/follow`);
      await until('the feed was refreshed', async () => (await reader.feed()).includes(post.id));
      await reader.call('DELETE', `/v1/users/${author.userId}/follow`);
      expect(await reader.feed()).toEqual([]);
      expect((await author.call('PUT', `/v1/users/${reader.userId}/block`)).status).toBe(204);
      expect((await reader.call('GET', `/v1/posts/${post.id}`)).status).toBe(404);
      expect((await reader.call('PUT', `/v1/posts/${post.id}/like`)).status).toBe(404);
      const refused = await reader.call('PUT', `/v1/users/${author.userId}/follow`);
      expect([refused.status, refused.body.code]).toEqual([403, 'blocked']);
      expect((await author.call('DELETE', `/v1/users/${reader.userId}/block`)).status).toBe(204);
      expect((await reader.call('GET', `/v1/posts/${post.id}`)).status).toBe(200);
    },
    slow,
  );

  it(
    'of a private account are seen by those whom it lets follow, from reads at once and from storage soon',
    async () => {
      const [owner, fan, stranger] = [await signUp(), await signUp(), await signUp()];
      const post = await owner.publish('between friends');
      const path = `/v1/users/${owner.userId}`;
      const { username } = (await owner.call('GET', path)).body;
      const name = (await owner.call('GET', `/v1/users/${stranger.userId}`)).body.username;
      await fan.call('PUT', `${path}/follow`);
      await fan.call('POST', `/v1/posts/${post.id}/comments`, { text: `@${name}, look` });
      await until('it is in the feed', async () => (await fan.feed()).includes(post.id));
      await until('he is told', async () => (await texts(stranger)).length === 1);
      const sees = async (client: SocialClient) => {
        const [one, list, like] = [
          await client.call('GET', `/v1/posts/${post.id}`),
          await client.call('GET', `${path}/posts`),
          await client.call('PUT', `/v1/posts/${post.id}/like`),
        ];
        return [one.status, list.body.items.length, like.status];
      };
      const asks = async () => {
        expect((await stranger.call('PUT', `${path}/follow`)).status).toBe(204);
        const { items } = (await owner.call('GET', '/v1/follow-requests')).body;
        return items.map((item: { userId: string }) => item.userId);
      };
      const standing = async () => (await stranger.call('GET', path)).body.youFollow;
      const answer = (method: string, of = 'follow-requests') => owner.call(method, `/v1/${of}/${stranger.userId}`);

      expect(await sees(stranger)).toEqual([200, 1, 204]);
      expect((await owner.call('PUT', '/v1/privacy', { private: true })).body).toEqual({ private: true });
      expect(await sees(stranger)).toEqual([404, 0, 404]);
      expect(await sees(fan)).toEqual([200, 1, 204]);
      expect(await fan.feed()).toEqual([post.id]);
      await until('his notification is gone', async () => (await texts(stranger)).length === 0);
      expect((await stranger.call('GET', path)).body).toMatchObject({ private: true, youFollow: 'no', postCount: 1 });

      expect(await asks()).toEqual([stranger.userId]);
      expect([await asks(), await standing(), await sees(stranger)]).toEqual([
        [stranger.userId],
        'asked',
        [404, 0, 404],
      ]);
      const asked = async () => (await texts(owner)).includes(`${name} asked to follow you`);
      await until('the owner is told', asked);
      expect((await stranger.call('DELETE', `${path}/follow`)).status).toBe(204);
      await until('that is taken back', async () => !(await asked()));
      await asks();
      expect([(await answer('DELETE')).status, await standing()]).toEqual([204, 'no']);
      await asks();
      expect([(await answer('PUT')).status, (await answer('PUT')).status]).toEqual([204, 404]);
      expect([await standing(), await sees(stranger)]).toEqual(['yes', [200, 1, 204]]);
      await until('it comes into his feed', async () => (await stranger.feed()).includes(post.id));
      await until('he is told of it', async () => (await texts(stranger))[0] === `${username} let you follow them`);

      expect((await answer('DELETE', 'followers')).status).toBe(204);
      expect([await stranger.feed(), await sees(stranger)]).toEqual([[], [404, 0, 404]]);
      await until('nothing waits to be dropped', async () => (await feedsToDrop(app)) === 0);
      const redis = new Redis(app.config.feedRedisUrl);
      const stored = await redis.zrange(`${app.config.TWOLANE_PREFIX}:feed:${stranger.userId}`, '0', '-1');
      expect(stored.filter((member) => member !== wholeMark)).toEqual([]);
      await redis.quit();
      await owner.call('PUT', '/v1/privacy', { private: false });
      expect(await sees(stranger)).toEqual([200, 1, 204]);
    },
    slow,
  );

  it(
    'see the posts of somebody whom many follow in order, although no feed stores them',
    async () => {
      const [star, friend, reader, ...others] = [
        await signUp(),
        await signUp(),
        await signUp(),
        await signUp(),
        await signUp(),
      ];
      for (const fan of [reader, ...others]) await fan.call('PUT', `/v1/users/${star.userId}/follow`);
      await reader.call('PUT', `/v1/users/${friend.userId}/follow`);
      await until('the feed is settled', async () => (await feedsToDrop(app)) === 0);
      expect(await reader.feed()).toEqual([]);
      const posts: string[] = [];
      for (const author of [friend, star, friend]) posts.unshift((await author.publish('hello')).id);
      await until('all have come', async () => (await reader.feed()).length === 3);
      expect(await reader.feed()).toEqual(posts);
      expect((await star.readPost(posts[1] as string)).delivery).toMatchObject({
        merged: true,
        finished: true,
        pages: 0,
      });
      const redis = new Redis(app.config.feedRedisUrl);
      const stored = await redis.zrange(`${app.config.TWOLANE_PREFIX}:feed:${reader.userId}`, '0', '-1');
      expect(stored.filter((member) => member !== wholeMark).map(toId)).toEqual([posts[2], posts[0]]);
      await redis.quit();
    },
    slow,
  );

  it(
    'comment, and page through the comments',
    async () => {
      const [author, friend] = [await signUp(), await signUp()];
      const post = await author.publish('talk to me');
      for (const text of ['one', 'two', 'three']) {
        expect((await friend.call('POST', `/v1/posts/${post.id}/comments`, { text })).status).toBe(201);
      }
      const page = (await author.call('GET', `/v1/posts/${post.id}/comments?limit=2`)).body;
      expect(page.items.map((item: { text: string }) => item.text)).toEqual(['three', 'two']);
      const rest = (await author.call('GET', `/v1/posts/${post.id}/comments?limit=2&cursor=${page.nextCursor}`)).body;
      expect(rest).toMatchObject({ nextCursor: null, items: [{ text: 'one', authorId: friend.userId }] });
      await until('the author is told once', async () => (await texts(author))[0]?.endsWith('commented on your photo'));
      expect((await author.call('POST', `/v1/posts/${post.id}/comments`, { text: '  ' })).status).toBe(422);
    },
    slow,
  );

  it('log out here or everywhere, and can not guess who exists', async () => {
    const name = freshPrefix();
    const [one, other] = [await anybody.signUp(name), await anybody.logIn(name, 'a good password')];
    expect(
      (await anybody.call('POST', '/v1/users', { username: name.toUpperCase(), password: 'another one' })).body.code,
    ).toBe('username_taken');
    for (const username of [name, freshPrefix()]) {
      const { status, body } = await anybody.call('POST', '/v1/sessions', { username, password: 'a wrong password' });
      expect([status, body.code]).toEqual([401, 'wrong_login']);
    }
    expect((await one.call('DELETE', '/v1/sessions/current')).status).toBe(204);
    await until('the session has ended', async () => (await one.call('GET', '/v1/feed')).status === 401);
    expect((await other.call('GET', '/v1/feed')).status).toBe(200);
    expect((await other.call('DELETE', '/v1/sessions')).status).toBe(204);
    await until('every session has ended', async () => (await other.call('GET', '/v1/feed')).status === 401);
  });
});

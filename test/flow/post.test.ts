/** A post from upload to 25,000 feeds, over both lanes, with a worker killed midway, and gone again when it is deleted or hidden. */
import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../../scripts/demo/names.ts';
import { wholeMark } from '../../src/social/feed/scripts.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { holdFanOuts } from '../support/fan-out-hold.ts';
import { killProcess, SocialClient, seed, startProcess } from '../support/social-client.ts';
import { until } from '../support/stack.ts';

const followers = 25_000;
/** Followers whose feeds nobody has read for long. */
const inactive = 100;
const slow = 90_000;

let app: TestApp;
let anybody: SocialClient;
let star: SocialClient;
let redis: Redis;
const children: ChildProcess[] = [];
const worker = (role: 'realtime' | 'bulk') => {
  const child = startProcess(role, app.environment);
  children.push(child);
  return child;
};

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  anybody = new SocialClient(app.url);
  redis = new Redis(app.config.feedRedisUrl);
  await seed(app.environment, '--users', `${followers}`, '--celebrity', '--follows', '0', '--photos', '0');
  star = await anybody.logIn('star', 'twolane-demo');
}, slow);

afterAll(async () => {
  await Promise.all(children.map(killProcess));
  for await (const keys of redis.scanStream({ match: `${app.config.TWOLANE_PREFIX}:feed:*`, count: 1_000 })) {
    if (keys.length > 0) await redis.unlink(keys);
  }
  await redis.quit();
  await app.stop();
}, slow);

async function followerIds(): Promise<string[]> {
  const { rows } = await app.twolane.database.query<{ id: string }>(
    'select follower_id as id from twolane_social.follows where followee_id = $1',
    [star.userId],
  );
  return rows.map((row) => row.id);
}

/** The key of a user's feed. */
const feedKey = (userId: string) => `${app.config.TWOLANE_PREFIX}:feed:${userId}`;

/** Makes feeds as those of people are who have read them lately, empty. */
async function readLately(userIds: readonly string[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const id of userIds) pipeline.zadd(feedKey(id), 0, wholeMark);
  await pipeline.exec();
}

/** In how many of the feeds the post is; a sorted set can't hold a member twice, so its members are counted by hand. */
async function holding(userIds: readonly string[], postId: string): Promise<{ once: number; more: number }> {
  const pipeline = redis.pipeline();
  for (const id of userIds) pipeline.zrange(feedKey(id), '0', '-1');
  const counts = ((await pipeline.exec()) ?? []).map(
    ([, members]) =>
      (members as string[]).filter((member) => /^\d+$/.test(member) && BigInt(member) === BigInt(postId)).length,
  );
  return { once: counts.filter((count) => count === 1).length, more: counts.filter((count) => count > 1).length };
}

describe('a post', () => {
  let first: { id: string; jobId: string };

  it(
    'waits, blocked and unseen, while its photo is being processed',
    async () => {
      first = await star.post('before the show');
      expect((await app.twolane.operations.get(first.jobId))?.state).toBe('blocked');
      expect(await star.readPost(first.id)).toMatchObject({ state: 'pending', caption: 'before the show' });
      expect((await anybody.call('GET', `/v1/posts/${first.id}`)).status).toBe(401);
      const fan = await anybody.logIn(nameOf(7), 'twolane-demo');
      expect((await fan.call('GET', `/v1/posts/${first.id}`)).status).toBe(404);
      worker('bulk');
      await until('the photo is ready', async () => (await star.readPost(first.id)).media[0].state === 'ready', {
        timeoutMs: slow,
      });
    },
    slow,
  );

  it(
    'reaches each feed of 25,000 followers that anybody reads exactly once in 3 pages, although a worker is killed midway',
    async () => {
      const fans = await followerIds();
      expect(fans).toHaveLength(followers);
      const active = fans.toSorted().slice(inactive);
      await readLately([...active, star.userId]);
      const hold = await holdFanOuts(app.config.DATABASE_URL, 'middle');
      const victim = worker('realtime');
      const firstPage = { once: 10_000 - inactive, more: 0 };
      await until('one page is delivered', async () => (await holding(fans, first.id)).once === firstPage.once, {
        timeoutMs: slow,
      });
      await killProcess(victim);
      await hold.release();
      expect(await holding(fans, first.id)).toEqual(firstPage);
      expect((await star.readPost(first.id)).delivery).toMatchObject({ delivered: 0, pages: 1, pagesDone: 0 });
      worker('realtime');
      await until('everything is delivered', async () => (await star.readPost(first.id)).delivery.finished, {
        timeoutMs: slow,
      });
      expect(await holding([...fans, star.userId], first.id)).toEqual({ once: followers - inactive + 1, more: 0 });
      expect(await redis.exists(...fans.toSorted().slice(0, inactive).map(feedKey))).toBe(0);
      const { delivery, state } = await star.readPost(first.id);
      expect({ delivery, state }).toEqual({
        state: 'published',
        delivery: { followers, delivered: followers, pages: 3, pagesDone: 3, finished: true, merged: false },
      });
    },
    2 * slow,
  );

  it('is in the feed that a follower reads, with its media and counts', async () => {
    const fan = await anybody.logIn(nameOf(24_990), 'twolane-demo');
    const { body } = await fan.call('GET', '/v1/feed');
    expect(body).toMatchObject({
      nextCursor: null,
      items: [{ id: first.id, authorId: star.userId, caption: 'before the show', likeCount: 0, commentCount: 0 }],
    });
    expect(body.items[0].media[0]).toMatchObject({ state: 'ready', kind: 'image' });
    expect(await star.feed()).toEqual([first.id]);
  });

  it(
    'comes back in the same order after Redis lost the feed',
    async () => {
      const ana = await anybody.logIn('ana', 'twolane-demo');
      await star.publish('after the show');
      await until('it arrives', async () => (await ana.feed()).length === 2);
      const before = await ana.feed();
      await redis.del(feedKey(ana.userId));
      expect(await ana.feed()).toEqual(before);
    },
    slow,
  );

  it(
    'is gone from every read at once when it is deleted, and from storage soon',
    async () => {
      const fan = await anybody.logIn(nameOf(8), 'twolane-demo');
      expect(await fan.feed()).toContain(first.id);
      expect((await fan.call('DELETE', `/v1/posts/${first.id}`)).status).toBe(403);
      expect((await star.call('DELETE', `/v1/posts/${first.id}`)).status).toBe(202);
      expect(await fan.feed()).not.toContain(first.id);
      expect((await fan.call('GET', `/v1/posts/${first.id}`)).status).toBe(404);
      expect((await star.call('GET', `/v1/posts/${first.id}`)).status).toBe(404);
      const { body } = await fan.call('GET', `/v1/users/${star.userId}/posts`);
      expect(body.items.map((item: { id: string }) => item.id)).not.toContain(first.id);
      const fans = await followerIds();
      await until('no feed stores it', async () => (await holding(fans, first.id)).once === 0, { timeoutMs: 30_000 });
      expect((await star.call('DELETE', `/v1/posts/${first.id}`)).status).toBe(202);
    },
    slow,
  );

  it(
    'comes to those first who are here, and goes no further once it is deleted',
    async () => {
      const fans = (await followerIds()).toSorted();
      const here = fans.slice(-3);
      const present = `${app.config.TWOLANE_PREFIX}:present`;
      await redis
        .multi()
        .del(present)
        .zadd(present, ...here.flatMap((id) => [Date.now(), id]))
        .exec();
      const hold = await holdFanOuts(app.config.DATABASE_URL, 'start');
      const post = await star.post('a secret');
      await until('they have it', async () => (await holding(here, post.id)).once === 3, { timeoutMs: slow });
      expect(await holding(fans, post.id)).toEqual({ once: 3, more: 0 });
      expect((await star.call('DELETE', `/v1/posts/${post.id}`)).status).toBe(202);
      await hold.release();
      const state = async () => (await app.twolane.operations.get(post.jobId))?.state;
      await until('it is cancelled', async () => (await state()) === 'cancelled', { timeoutMs: 30_000 });
      await until('nobody holds it', async () => (await holding(fans, post.id)).once === 0, { timeoutMs: 30_000 });
      const pages = "select from twolane.jobs where parent_id = $1 and type = 'deliver-feed-page'";
      expect((await app.twolane.database.query(pages, [post.jobId])).rowCount).toBe(0);
    },
    slow,
  );

  it(
    'that is for its author alone leaves all feeds, and comes back with its audience',
    async () => {
      const ana = await anybody.logIn('ana', 'twolane-demo');
      const [fan, post] = [await anybody.logIn(nameOf(9), 'twolane-demo'), await star.publish('on reflection')];
      await until('it arrives', async () => (await star.readPost(post.id)).delivery.finished);
      expect(await ana.feed()).toContain(post.id);
      const show = (audience: string) => star.call('PATCH', `/v1/posts/${post.id}`, { audience });
      const held = async () => (await holding([ana.userId, fan.userId, star.userId], post.id)).once;
      expect((await ana.call('PATCH', `/v1/posts/${post.id}`, { audience: 'me' })).status).toBe(403);
      expect((await show('me')).body).toEqual({ id: post.id, audience: 'me' });
      expect(await ana.feed()).not.toContain(post.id);
      expect((await ana.call('GET', `/v1/posts/${post.id}`)).status).toBe(404);
      expect(await star.readPost(post.id)).toMatchObject({ state: 'published', audience: 'me' });
      await until('no feed stores it', async () => (await held()) === 0);
      const stranger = await anybody.signUp('stranger');
      expect((await show('followers')).status).toBe(200);
      expect((await ana.call('GET', `/v1/posts/${post.id}`)).status).toBe(200);
      expect((await stranger.call('GET', `/v1/posts/${post.id}`)).status).toBe(404);
      await until('it is back in the feeds', async () => (await held()) >= 2);
      expect(await ana.feed()).toContain(post.id);
    },
    slow,
  );

  it(
    'tells its author why it failed when its photo can not be processed',
    async () => {
      const broken = await brokenPhoto();
      const { body } = await star.call('POST', '/v1/posts', {
        mediaIds: [await star.upload(broken)],
        caption: 'oh no',
      });
      const post = await until(
        'the post has failed',
        async () => {
          const found = await star.readPost(body.id);
          return found.state === 'failed' && found;
        },
        { timeoutMs: 30_000 },
      );
      expect(post.error).toEqual({ code: 'media_failed', message: expect.stringMatching(/^Media \d+ failed: .+/) });
    },
    slow,
  );

  it('takes nothing but media of its author that have not failed', async () => {
    const ana = await anybody.logIn('ana', 'twolane-demo');
    const { status, body } = await ana.call('POST', '/v1/posts', { mediaIds: [await star.upload()], caption: '' });
    expect({ status, code: body.code, errors: body.errors }).toEqual({
      status: 422,
      code: 'unusable_media',
      errors: [{ pointer: '/mediaIds/0', detail: 'names no media of yours' }],
    });
    expect((await ana.call('POST', '/v1/posts', { mediaIds: ['x'] })).body.errors[0].pointer).toBe('/mediaIds/0');
  });
});

/** A JPEG whose head is fine and whose picture is cut off: accepted at upload, refused by the decoder. */
async function brokenPhoto(): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: 900,
      height: 700,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();
  return noise.subarray(0, Math.floor(noise.length / 4));
}

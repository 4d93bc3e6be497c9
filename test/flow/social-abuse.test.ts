/** Velocity rules over real deeds: looked at, blocked, written down, and not for the product's own servers. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import type { Actor } from '../../src/http/route.ts';
import { AbuseGuard } from '../../src/social/abuse/guard.ts';
import type { Deed, Rule } from '../../src/social/abuse/rules.ts';
import { Velocity } from '../../src/social/abuse/velocity.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix, testUrls } from '../support/stack.ts';

let social: SocialStores;
let redis: Redis;
let guard: AbuseGuard;
const prefix = freshPrefix();

beforeAll(async () => {
  social = await socialStores();
  redis = new Redis(testUrls().REDIS_URL, { maxRetriesPerRequest: 1 });
  guard = new AbuseGuard(social.db.databaseFor, new Velocity(redis, prefix), silentLogger);
});
afterAll(async () => {
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.unlink(keys);
  await redis.quit();
  await social.close();
});

const start = 1_700_000_000_000;
async function judged(deed: Deed, subject: string, times: number, everyMs: number, from = start) {
  const decisions: string[] = [];
  for (let n = 0; n < times; n++) decisions.push((await guard.judge(deed, subject, from + n * everyMs)).decision);
  return decisions;
}
const count = (decisions: string[], what: string) => decisions.filter((decision) => decision === what).length;

describe('velocity rules', { tags: ['security'] }, () => {
  it('look at the 11th sign-up of an address within a minute, in under 200 ms, and keep it without the address', async () => {
    const address = '203.0.113.77';
    expect(await judged('sign-up', address, 10, 1_000)).toEqual(Array(10).fill('allow'));
    const began = performance.now();
    expect((await guard.judge('sign-up', address, start + 11_000)).decision).toBe('review');
    expect(performance.now() - began).toBeLessThan(200);
    const kept = (await guard.page({ limit: 50 })).filter(({ deed }) => deed === 'sign-up');
    expect(kept).toMatchObject([{ deed: 'sign-up', rule: 'sign-ups-a-minute', decision: 'review', times: 1 }]);
    expect(kept[0]?.subject).toBe('203.0.113.0/24');
  });

  it('block an address that logs in beyond all measure, and no other one of its network', async () => {
    const log = await judged('log-in', '198.51.100.1', 202, 100);
    expect([count(log, 'allow'), count(log, 'review'), count(log, 'block')]).toEqual([50, 150, 2]);
    expect((await guard.judge('log-in', '198.51.100.2', start)).decision).toBe('allow');
  });

  it('forget what they decided more than 90 days ago, and keep the rest', async () => {
    const subject = freshPrefix();
    await judged('message', subject, 30, 10);
    const old = await social.db.query(
      `insert into twolane_social.abuse_decisions (deed, rule, subject, decision, slot, first_at, last_at)
       select 'like', 'likes-a-minute', 'old', 'block', n, now() - interval '91 days', now() - interval '91 days'
       from generate_series(1, 25) n`,
    );
    expect(old.rowCount).toBe(25);
    expect([await guard.forgetOld(20), await guard.forgetOld(20), await guard.forgetOld(20)]).toEqual([20, 5, 0]);
    expect((await guard.page({ limit: 50 })).some((one) => one.subject === subject)).toBe(true);
  });

  it('count what a recount of the windows counts, whenever it comes, and nothing that was blocked', async () => {
    const velocity = new Velocity(redis, prefix);
    const windows = [
      { name: 'short', deed: 'like', windowMs: 60_000, review: 2, block: 4 },
      { name: 'long', deed: 'like', windowMs: 300_000, review: 4, block: 7 },
    ] as const satisfies Rule[];
    const steps = fc.array(fc.constantFrom(0, 1, 9_999, 30_000, 60_000, 60_001, 200_000), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (waits) => {
        const [subject, counted] = [freshPrefix(), [] as number[]];
        let now = start;
        for (const wait of waits) {
          now += wait;
          const expected = windows.map(({ windowMs }) => counted.filter((at) => at > now - windowMs).length + 1);
          expect(await velocity.count(windows, subject, now)).toEqual(expected);
          if (expected.every((count, n) => count <= (windows[n]?.block ?? 0))) counted.push(now);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('let the same number through when it is spread over a longer time', async () => {
    expect(await judged('sign-up', freshPrefix(), 30, 6_001)).toEqual(Array(30).fill('allow'));
  });

  it('block a sender beyond the limit until the window has moved on, in one row however often', async () => {
    const sender = freshPrefix();
    const flood = await judged('message', sender, 100, 10);
    expect([count(flood, 'allow'), count(flood, 'review'), count(flood, 'block')]).toEqual([20, 20, 60]);
    expect((await guard.judge('message', sender, start + 12_000)).decision).toBe('allow');
    const kept = (await guard.page({ limit: 50 })).filter(({ subject }) => subject === sender);
    expect(kept.map(({ decision, times }) => [decision, times]).toSorted()).toEqual([
      ['block', 60],
      ['review', 20],
    ]);
  });

  it('refuse users with 429 and are not asked for keys that act for users', async () => {
    const sender = freshPrefix();
    await judged('message', sender, 40, 1, Date.now());
    const user: Actor = { kind: 'user', userId: sender, scopes: ['*'], name: sender };
    const server: Actor = { kind: 'key', userId: sender, scopes: ['act'], name: 'server' };
    await expect(guard.admit('message', sender, user)).rejects.toMatchObject({ status: 429, code: 'too_fast' });
    await expect(guard.admit('message', sender, server)).resolves.toBeUndefined();
  });

  it('allow everything while Redis is away', async () => {
    const away = new Redis(1, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    away.on('error', () => undefined);
    const alone = new AbuseGuard(social.db.databaseFor, new Velocity(away, prefix), silentLogger);
    expect((await alone.judge('like', 'ana', start)).decision).toBe('allow');
  });
});

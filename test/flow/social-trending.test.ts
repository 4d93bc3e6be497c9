/** Trending on PostgreSQL: a virtual clock over windows, and once through the four nodes as jobs. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rankHashtags } from '../../jobs/bulk/rank-hashtags.job.ts';
import { preprocessPost } from '../../jobs/realtime/preprocess-post.job.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { windowMs } from '../../src/social/trending/score.ts';
import { type TaggedPost, Trends } from '../../src/social/trending/trends.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { until } from '../support/stack.ts';

const start = Math.floor(1_700_000_000_000 / windowMs) * windowMs;
const minute = 60_000;

/** `count` posts of different people, spread evenly from `at` over `overMs`. */
function posts(tag: string, count: number, at: number, overMs = windowMs): TaggedPost[] {
  return Array.from({ length: count }, (_, n) => ({
    authorId: `${tag}-${n}`,
    at: new Date(at + Math.floor((n * overMs) / count)).toISOString(),
    tags: [tag],
  }));
}

describe('windows', () => {
  let social: SocialStores;
  let trends: Trends;
  beforeAll(async () => {
    social = await socialStores();
    trends = new Trends(social.db.databaseFor, silentLogger);
  });
  afterAll(() => social.close());

  const rank = async (now: number) => {
    const list = await trends.rank(now);
    await social.db.transaction((tx) => trends.store.publish(tx, list));
    return list.items;
  };
  const place = (items: { tag: string }[], tag: string) => items.findIndex((item) => item.tag === tag) + 1;
  const counts = async (at: number) => {
    const { total, tags } = await trends.store.counts(Math.floor(at / windowMs), 1);
    return { total, tags: Object.fromEntries(tags.map(({ tag, count }) => [tag, count])) };
  };

  it('count an author once per tag, and equal a recount although a tenth comes twice', async () => {
    const at = start - 20 * windowMs;
    const events = Array.from({ length: 5_000 }, (_, n) => ({
      authorId: `author-${(n * 7) % 500}`,
      at: new Date(at + ((n * 37) % (2 * windowMs))).toISOString(),
      tags: [`t${n % 13}`, `t${n % 7}`],
    }));
    const again = events.filter((_, n) => n % 10 === 0);
    const all = [...events, ...again];
    await Promise.all(
      Array.from({ length: Math.ceil(all.length / 100) }, (_, n) =>
        trends.count(all.slice(n * 100, n * 100 + 100), at + 2 * windowMs),
      ),
    );
    for (const window of [at, at + windowMs]) {
      const uses = new Set<string>();
      for (const { authorId, at: when, tags } of events)
        if (Math.floor(Date.parse(when) / windowMs) === window / windowMs)
          for (const tag of tags) uses.add(`${tag} ${authorId}`);
      const recount: Record<string, number> = {};
      for (const use of uses) recount[use.split(' ')[0] as string] = (recount[use.split(' ')[0] as string] ?? 0) + 1;
      expect(await counts(window)).toEqual({ total: uses.size, tags: recount });
    }
  });

  it('count as a recount does, whatever comes late, ahead, twice or in another order', async () => {
    const use = fc.record({ author: fc.nat(4), tag: fc.nat(2), window: fc.nat(6) });
    const batch = fc.record({
      uses: fc.array(use, { minLength: 1, maxLength: 12 }),
      later: fc.nat(2),
      again: fc.nat(2),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
        const base = start - (1_000 + 20 * ++run) * windowMs;
        const expected = new Map<number, Set<string>>();
        let running = 2;
        for (const { uses, later, again } of batches) {
          running += later;
          const events = uses.map(({ author, tag, window }) => ({
            authorId: `author-${author}`,
            at: new Date(base + window * windowMs + 1).toISOString(),
            tags: [`t${tag}`],
          }));
          const counted = uses.map(({ window }) => window >= running - 2 && window <= running + 1);
          for (let n = 0; n <= again; n++)
            expect(await trends.count(events, base + running * windowMs + 2)).toEqual(counted);
          for (const [n, { author, tag, window }] of uses.entries())
            if (counted[n]) expected.set(window, (expected.get(window) ?? new Set()).add(`t${tag} ${author}`));
        }
        for (let window = 0; window <= 6; window++) {
          const recount: Record<string, number> = {};
          for (const [tag = ''] of [...(expected.get(window) ?? [])].map((each) => each.split(' ')))
            recount[tag] = (recount[tag] ?? 0) + 1;
          const total = expected.get(window)?.size ?? 0;
          expect(await counts(base + window * windowMs)).toEqual({ total, tags: recount });
        }
      }),
      { numRuns: 8 },
    );
  });

  it('of a million different tags cost a process no more than a batch of them, and a few windows on the disk', {
    ...long,
    timeout: 900_000,
  }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    const at = start + 100 * windowMs;
    const before = heap();
    let most = 0;
    for (let from = 0; from < 1_000_000; from += 10_000) {
      const batch = Array.from({ length: 1_000 }, (_, n) => ({
        authorId: `author-${n}`,
        at: new Date(at).toISOString(),
        tags: Array.from({ length: 10 }, (_each, tag) => `tag${from + 10 * n + tag}`),
      }));
      await trends.count(batch, at);
      if (from % 100_000 === 0) most = Math.max(most, heap() - before);
    }
    expect((await trends.store.counts(at / windowMs, 2)).total).toBe(1_000_000);
    const { rows } = await social.db.query<{ mib: number }>(
      `select pg_total_relation_size('twolane_social.trend_uses_' || $1::int % 8) / 1048576.0::float8 as mib`,
      [at / windowMs],
    );
    await trends.rank(at + windowMs);
    expect([most < 30, heap() - before < 30, (rows[0]?.mib ?? 0) < 300]).toEqual([true, true, true]);
    await trends.rank(at + 5 * windowMs);
    expect((await trends.store.counts(at / windowMs, 1)).total).toBe(0);
  });

  it('take what is up to two windows late, and nothing later', async () => {
    const now = start - 10 * windowMs;
    const late = [0, 1, 2, 3].map((windows) => ({
      authorId: 'ana',
      at: new Date(now - windows * windowMs).toISOString(),
      tags: ['late'],
    }));
    expect(await trends.count(late, now)).toEqual([true, true, true, false]);
    expect((await counts(now - 2 * windowMs)).tags).toEqual({ late: 1 });
    expect((await counts(now - 3 * windowMs)).tags).toEqual({});
  });

  it('bring a burst into the top ten within a window and a minute, and not a popular tag with 10 % more', async () => {
    const noise = (at: number) => Array.from({ length: 40 }, (_, n) => posts(`noise${n}`, 100, at)).flat();
    // Yesterday a fifth of all posts said #love, and each of forty others a fiftieth.
    await social.db.query(
      `insert into twolane_social.trend_baseline (tag, hour, max_share)
       select 'noise' || n, $1::int, 0.02 from generate_series(0, 39) n union all select 'love', $1::int, 0.2`,
      [Math.floor(start / 3_600_000) - 24],
    );
    // The burst begins ten seconds before the end of a window.
    const begins = start + windowMs - 10_000;
    for (const at of [start, start + windowMs])
      for (const events of [noise(at), posts('love', 1_100, at)]) await trends.count(events, at);
    await trends.count(posts('quake', 200, begins), begins);
    let found = 0;
    let foundAt = start + windowMs;
    for (; !found && foundAt < begins + 30 * minute; foundAt += minute) found = place(await rank(foundAt), 'quake');
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThanOrEqual(10);
    expect(foundAt - minute - begins).toBeLessThanOrEqual(windowMs + minute);
    const list = await rank(foundAt);
    expect(place(list, 'love')).toBe(0);
    const score = (items: typeof list) => items.find(({ tag }) => tag === 'quake')?.score ?? 0;
    const later = score(await rank(foundAt + 4 * 60 * minute));
    expect(later / score(list)).toBeCloseTo(0.25, 2);
    expect(place(await rank(foundAt + 14 * 60 * minute), 'quake')).toBe(0);
  });

  it('publish no list over a newer one', async () => {
    const publish = (asOf: string, tag: string) =>
      social.db.transaction((tx) =>
        trends.store.publish(tx, { asOf, items: [{ tag, score: 1, count: 1 }], mostPeople: 1 }),
      );
    await publish('2030-01-01T00:01:00.000Z', 'newer');
    await publish('2030-01-01T00:00:00.000Z', 'older');
    expect((await trends.store.list())?.items[0]?.tag).toBe('newer');
  });

  it('serve the last good list while nothing can be reached', async () => {
    let down = false;
    const through = new Trends((id) => {
      if (down) throw new Error('nothing can be reached');
      return social.db.databaseFor(id);
    }, silentLogger);
    const served = await through.current();
    expect(served?.asOf).toBe('2030-01-01T00:01:00.000Z');
    down = true;
    expect(await through.current()).toEqual(served);
  });
});

describe('the four nodes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  }, 60_000);
  afterAll(() => app.stop(), 60_000);

  it('bring the tags of posts into the list, each post counted once', async () => {
    const { database } = app.twolane;
    const { rows } = await database.query<{ id: string }>(
      `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id, published_at)
       select id, 'author-' || n, case when n <= 15 then 'look #Quake and #quake' else 'a #picnic' end, 'photo', 'published', 1, now()
       from (select id, row_number() over (order by id) as n from twolane.next_ids(20) as id) ids returning id::text`,
    );
    const jobs = rows.map(({ id }) => ({ job: preprocessPost, payload: { postId: id } }));
    await app.twolane.enqueueMany([...jobs, ...jobs]);
    const uses = async () =>
      (await database.query<{ n: number }>('select count(*)::int as n from twolane_social.trend_uses')).rows[0]?.n;
    await until('all are counted', async () => (await uses()) === 20);
    const unknown = await app.twolane.enqueue(preprocessPost, { postId: '7' });
    await until('it is dead', async () => (await app.twolane.operations.get(unknown.id))?.state === 'dead');
    const list = async () => (await caller(app.url)('GET', '/v1/trending?limit=5', { token: apiKey })).json;
    expect(await list()).toMatchObject({ asOf: null, items: [], empty: { code: 'not_ranked_yet' } });
    await app.twolane.enqueue(rankHashtags, { at: new Date(Date.now() + windowMs).toISOString() });
    const served = await until('the list is made', async () => ((await list()).items.length > 0 ? list() : undefined), {
      timeoutMs: 20_000,
    });
    expect(served).toEqual({
      asOf: expect.any(String),
      items: [{ tag: 'quake', score: expect.any(Number), count: 15 }],
    });
  });
});

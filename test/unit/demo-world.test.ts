/** The seeded world before it is written: names, who follows whom, captions; the same world for the same numbers. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { caption } from '../../scripts/demo/captions.ts';
import { chance, zipf } from '../../scripts/demo/chance.ts';
import { nameOf } from '../../scripts/demo/names.ts';
import { drawFollows } from '../../scripts/demo/people.ts';
import { photo } from '../../scripts/demo/photos.ts';
import { hashtags } from '../../src/social/trending/hashtags.ts';

describe('the seeded world', () => {
  // Photos are drawn as SVG, which the pipeline forbids in processes that have loaded it, such as this one after other tests.
  beforeAll(() => void sharp.unblock({ operation: ['VipsForeignLoad'] }));

  it('has 20,000 names, each once and as sign-up takes them', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => nameOf(n));
    expect(new Set(names).size).toBe(20_000);
    expect(names.filter((name) => !/^[a-z0-9_.]{3,30}$/.test(name))).toEqual([]);
    expect(names.slice(0, 4)).toEqual(['ana', 'mia', 'leo', expect.stringMatching(/^emma\./)]);
  });

  it('follows by the law of Zipf: the k-th is followed about 1/k as often as the first', () => {
    const draw = chance(7);
    const counts = new Map<number, number>();
    for (let n = 0; n < 200_000; n++) {
      const place = zipf(draw, 1_000);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const share = (place: number) => (counts.get(place) ?? 0) / (counts.get(0) ?? 1);
    // From a whole number to the next one: ln((k + 2) / (k + 1)) / ln 2.
    for (const place of [1, 3, 9, 99]) expect(share(place) / Math.log2((place + 2) / (place + 1))).toBeCloseTo(1, 0);
    expect(Math.max(...counts.keys())).toBeLessThan(1_000);
  });

  it('is drawn again the same, nobody follows himself or anybody twice', () => {
    const drawn = drawFollows(chance(3), 0, 500, 14);
    expect(drawFollows(chance(3), 0, 500, 14)).toEqual(drawn);
    expect(new Set(drawn.map(String)).size).toBe(drawn.length);
    expect(drawn.every(([a, b]) => a !== b && a < 500 && b < 500)).toBe(true);
    const followed = (place: number) => drawn.filter(([, followee]) => followee === place).length;
    expect(followed(0)).toBeGreaterThan(5 * followed(100));
    expect(drawFollows(chance(3), 490, 500, 14).every(([follower]) => follower >= 490)).toBe(true);
  });

  it('has captions with hashtags, and photos of which each is another one', async () => {
    const draw = chance(5);
    const tagged = Array.from({ length: 300 }, () => hashtags(caption(draw)).length);
    expect(tagged.filter((count) => count > 0).length).toBeGreaterThan(100);
    const [one, other] = await Promise.all([photo(1), photo(2)]);
    expect(one.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(one.length).toBeGreaterThan(50_000);
    expect(other.equals(one)).toBe(false);
  });
});

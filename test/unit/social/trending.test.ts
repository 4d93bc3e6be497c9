/** The pure parts of trending: tags, filters, the formulas against values worked out elsewhere, and spelling variants. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PreparedPost, parse } from '../../../src/social/trending/filters.ts';
import { hashtags } from '../../../src/social/trending/hashtags.ts';
import { decayed, halfLifeMs, isCandidate, surprise, windowMs } from '../../../src/social/trending/score.ts';
import { listOf } from '../../../src/social/trending/trends.ts';
import { grouped, isVariant } from '../../../src/social/trending/variants.ts';
import { whyEmpty } from '../../../src/social/trending/why-empty.ts';
import { captions } from './captions.ts';

describe('hashtags', () => {
  it('of captions in many scripts are exact', () => {
    expect(captions.length).toBeGreaterThanOrEqual(100);
    const found = captions.map(([caption]) => [caption, hashtags(caption)]);
    expect(found).toEqual(captions.map(([caption, tags]) => [caption, tags]));
  });

  it('are found again in their own normal form, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        for (const tag of hashtags(`#${text}`)) expect(hashtags(`#${tag}`)).toEqual([tag]);
      }),
    );
  });
});

describe('quality filters', () => {
  const post: PreparedPost = {
    postId: '1',
    authorId: 'ana',
    caption: '#one #two',
    at: '2026-01-01T00:00:00.000Z',
    published: true,
    authorAgeMs: 86_400_000,
    authorBlocked: false,
  };
  const many = Array.from({ length: 31 }, (_, n) => `#tag${n}`).join(' ');
  it.each([
    ['nothing', {}, ['one', 'two'], {}],
    ['people of another product', { authorAgeMs: null }, ['one', 'two'], {}],
    ['what is not published', { published: false }, [], { not_published: 2 }],
    ['the tags of new authors', { authorAgeMs: 60_000 }, [], { new_author: 2 }],
    ['the tags of blocked authors', { authorBlocked: true }, [], { blocked_author: 2 }],
    ['all of too many tags', { caption: many }, [], { too_many_tags: 31 }],
    ['30 tags are not too many', { caption: many.replace(' #tag30', '') }, expect.any(Array), {}],
    ['no tags at all', { caption: 'nothing', published: false }, [], {}],
  ])('keep out %s', (_what, change, tags, dropped) => {
    expect(parse({ ...post, ...change })).toEqual({ tags, dropped });
  });

  it('keep out single tags by name', () => {
    const settings = { version: 2, mostTags: 30, leastAuthorAgeMs: 0, bannedTags: new Set(['two']) };
    expect(parse(post, settings)).toEqual({ tags: ['one'], dropped: { banned_tag: 1 } });
  });
});

describe('the score', () => {
  /** Count, total, baseline, and S = P · ln(P / max(P', 3 / N)), worked out with 40 digits. */
  const golden: readonly (readonly [number, number, number, number])[] = [
    [10, 1000, 0, 0.0120397280432594],
    [10, 1000, 0.001, 0.0120397280432594],
    [10, 1000, 0.005, 0.00693147180559945],
    [200, 5200, 0, 0.161527118379997],
    [200, 5200, 0.0002, 0.161527118379997],
    [110, 1000, 0.1, 0.0104841197784757],
    [90, 1000, 0.1, -0.00948244640920437],
    [1000, 1000, 0.25, 1.38629436111989],
    [37, 12345, 0.0007, 0.00435890191576145],
    [999999, 1000000, 0.9, 0.105359410297811],
  ];
  it.each(golden)('of %i in %i against %f is %f', (count, total, baseline, expected) => {
    expect(Math.abs(surprise(count, total, baseline) - expected)).toBeLessThan(1e-9);
  });

  it('makes candidates of bursts, and neither of few nor of what is always there', () => {
    expect(isCandidate(200, 5_200, 0)).toBe(true);
    expect(isCandidate(9, 100, 0)).toBe(false);
    expect(isCandidate(110, 1_000, 0.1)).toBe(false);
    expect(isCandidate(151, 1_000, 0.1)).toBe(true);
  });

  it('halves every two hours', () => {
    expect(decayed(8, 0)).toBe(8);
    expect(decayed(8, halfLifeMs)).toBe(4);
    expect(decayed(8, 3 * halfLifeMs)).toBe(1);
    expect(decayed(8, -1_000)).toBe(8);
  });

  it('of a tag is that of its best window, faded since its end', () => {
    const window = 1_000;
    const end = (window + 1) * windowMs;
    const scores = [
      { window, tag: 'burst', score: 1, count: 50 },
      { window: window + 24, tag: 'burst', score: 0.4, count: 20 },
    ];
    expect(listOf(scores, end)).toEqual([{ tag: 'burst', score: 1, count: 50 }]);
    expect(listOf(scores, end + halfLifeMs)).toEqual([{ tag: 'burst', score: 0.5, count: 50 }]);
  });
});

describe('spelling variants', () => {
  it.each([
    ['valentineday', 'valentinesday', true],
    ['colour', 'color', false],
    ['colours', 'colors', true],
    ['election2024', 'election2028', false],
    ['londonn', 'london', true],
    ['sunset', 'sunrise', false],
    ['münchen', 'munchen', true],
    ['🎉🎉🎉🎉🎉🎉', '🎉🎉🎉🎉🎉', false],
  ])('%s and %s: %s', (one, other, together) => {
    expect([isVariant(one, other), isVariant(other, one)]).toEqual([together, together]);
  });

  it('are one entry under the strongest, with the counts of all', () => {
    const tags = [
      { tag: 'valentineday', score: 1, count: 10 },
      { tag: 'sea', score: 2, count: 5 },
      { tag: 'valentinesday', score: 3, count: 20 },
    ];
    expect(grouped(tags)).toEqual([
      { tag: 'valentinesday', score: 3, count: 30 },
      { tag: 'sea', score: 2, count: 5 },
    ]);
  });
});

describe('a list with nothing on it', () => {
  it.each([
    [undefined, 'not_ranked_yet', /within a minute/],
    [0, 'no_tags', /five minutes/],
    [1, 'too_few_people', /10 people .* one had 1/],
    [9, 'too_few_people', /one had 9/],
    [10, 'nothing_new', /past week/],
  ])('whose most used tag had %s people says %s', (mostPeople, code, message) => {
    const why = whyEmpty(mostPeople === undefined ? undefined : { mostPeople });
    expect(why).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

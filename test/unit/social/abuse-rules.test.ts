/** The decision over counts: the severest rule decides. */
import { describe, expect, it } from 'vitest';
import { decide, type Rule, rules, rulesFor } from '../../../src/social/abuse/rules.ts';

const rule = (name: string, review: number, block: number): Rule => ({
  name,
  deed: 'like',
  windowMs: 1_000,
  review,
  block,
});
const [short, long] = [rule('short', 2, 4), rule('long', 3, 9)];

describe('the velocity rules', () => {
  it.each([
    [[1, 1], 'allow', undefined],
    [[2, 3], 'allow', undefined],
    [[3, 3], 'review', 'short'],
    [[2, 4], 'review', 'long'],
    [[4, 4], 'review', 'short'],
    [[5, 5], 'block', 'short'],
    [[3, 10], 'block', 'long'],
    [[], 'allow', undefined],
  ])('decide %j: %s by %s', (counts, decision, by) => {
    const verdict = decide([short, long], counts);
    expect([verdict.decision, verdict.rule?.name]).toEqual([decision, by]);
  });

  it('are there for each deed, look before they block, and have names of their own', () => {
    for (const deed of ['sign-up', 'follow', 'like', 'message'] as const)
      expect(rulesFor(deed).length).toBeGreaterThan(0);
    expect(rules.every(({ review, block, windowMs }) => review < block && windowMs > 0)).toBe(true);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});

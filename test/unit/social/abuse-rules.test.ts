/** The decision over counts: the severest rule decides. */
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/social/abuse/networks.ts';
import { decide, deeds, type Rule, rules, rulesFor } from '../../../src/social/abuse/rules.ts';

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
    for (const deed of deeds) expect(rulesFor(deed).length).toBeGreaterThan(0);
    expect(rules.every(({ review, block, windowMs }) => review < block && windowMs > 0)).toBe(true);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});

describe('of an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:7:8:9:a:b:c', '2001:db8:7::/48'],
    ['2001:0DB8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['', 'unknown'],
  ])('%s, %s is kept', (address, kept) => {
    expect(networkOf(address)).toBe(kept);
  });
});

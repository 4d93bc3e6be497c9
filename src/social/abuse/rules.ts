/** The velocity rules as data, and the decision over counts as a pure function. */

export const deeds = ['sign-up', 'log-in', 'log-in-to', 'follow', 'like', 'message'] as const;
export type Deed = (typeof deeds)[number];
export type Decision = 'allow' | 'review' | 'block';

export interface Rule {
  /** Stored with decisions; renaming it begins a new count. */
  name: string;
  deed: Deed;
  /** The length of the sliding window, milliseconds. */
  windowMs: number;
  /** Deeds within the window, this one included, beyond which a person should look; allowed all the same. */
  review: number;
  /** Deeds within the window beyond which no more are taken. */
  block: number;
}

const minute = 60_000;
const quarter = 15 * minute;
const hour = 60 * minute;

/** Deeds that are counted per client address. Of the others `log-in-to` counts per account that somebody tries to enter, the rest per user. */
export const ofAddresses: ReadonlySet<Deed> = new Set(['sign-up', 'log-in'] as const);

export const rules: readonly Rule[] = [
  { name: 'sign-ups-a-minute', deed: 'sign-up', windowMs: minute, review: 10, block: 60 },
  { name: 'sign-ups-an-hour', deed: 'sign-up', windowMs: hour, review: 100, block: 300 },
  { name: 'log-ins-of-an-address', deed: 'log-in', windowMs: quarter, review: 50, block: 200 },
  { name: 'log-ins-to-an-account', deed: 'log-in-to', windowMs: quarter, review: 5, block: 10 },
  { name: 'follows-a-minute', deed: 'follow', windowMs: minute, review: 30, block: 60 },
  { name: 'follows-an-hour', deed: 'follow', windowMs: hour, review: 200, block: 400 },
  { name: 'likes-a-minute', deed: 'like', windowMs: minute, review: 60, block: 120 },
  { name: 'likes-an-hour', deed: 'like', windowMs: hour, review: 500, block: 1_000 },
  { name: 'messages-in-ten-seconds', deed: 'message', windowMs: 10_000, review: 20, block: 40 },
  { name: 'messages-an-hour', deed: 'message', windowMs: hour, review: 500, block: 1_000 },
];

export function rulesFor(deed: Deed): readonly Rule[] {
  return rules.filter((rule) => rule.deed === deed);
}

export interface Verdict {
  decision: Decision;
  /** The rule that decided; undefined when all allow. */
  rule?: Rule;
  count?: number;
}

/** The severest decision of the rules; among equals the first. @param counts one per rule, this deed included. */
export function decide(asked: readonly Rule[], counts: readonly number[]): Verdict {
  const verdicts = asked.map((rule, index): Verdict => {
    const count = counts[index] ?? 0;
    if (count > rule.block) return { decision: 'block', rule, count };
    return count > rule.review ? { decision: 'review', rule, count } : { decision: 'allow' };
  });
  const worst = (decision: Decision) => verdicts.find((verdict) => verdict.decision === decision);
  return worst('block') ?? worst('review') ?? { decision: 'allow' };
}

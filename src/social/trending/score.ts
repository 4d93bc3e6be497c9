/** The formulas of trending, pure. */

/** The length of a window, milliseconds. */
export const windowMs = 5 * 60_000;
export const halfLifeMs = 2 * 60 * 60_000;
/** A tag with fewer authors in a window is no candidate. */
export const leastCount = 10;
/** A candidate's share is at least so many times its baseline: what is always popular and a little more so is no news. */
export const leastRise = 1.5;
/** Nobody's baseline is below so many posts of the window, so that a tag never seen before has a finite score. */
export const floorCount = 3;

/** The window that a moment belongs to: whole windows since 1970. */
export function windowOf(at: number): number {
  return Math.floor(at / windowMs);
}

/**
 * How surprising a tag's share of a window is: its contribution to the Kullback-Leibler divergence between what is and what was
 * to be expected, S = P · ln(P / P').
 *
 * Source: "Trending on Instagram", Instagram Engineering, 2015: P(h,t) is the share of the posts of window t that carry the tag
 * h, and P'(h,t), what was expected, the largest share of a window within the past week.
 * @param count authors who used the tag in the window, C
 * @param total tags counted in the window, N; P = C / N
 * @param baseline P', 0 when the tag was never seen
 */
export function surprise(count: number, total: number, baseline: number): number {
  const share = count / total;
  return share * Math.log(share / expected(total, baseline));
}

/** Whether a tag may be listed at all. */
export function isCandidate(count: number, total: number, baseline: number): boolean {
  return count >= leastCount && count / total >= leastRise * expected(total, baseline);
}

/** What is left of a score after a time: half of it every two hours, as in the same source. */
export function decayed(score: number, ageMs: number): number {
  return score * 0.5 ** (Math.max(0, ageMs) / halfLifeMs);
}

function expected(total: number, baseline: number): number {
  return Math.max(baseline, floorCount / total);
}

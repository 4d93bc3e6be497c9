/** How many jobs of a queue may be released and unclaimed at once. Pure. */

/**
 * The larger of what the workers can run at once and what they finish in 50 ms: enough to keep them busy, little enough
 * that an urgent job released next starts soon.
 * @param ratePerS jobs claimed per second, as measured
 */
export function windowSize(concurrency: number, ratePerS: number): number {
  return Math.max(concurrency, Math.ceil(ratePerS * 0.05), 1);
}

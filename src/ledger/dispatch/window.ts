/** How many jobs of a queue may be released and unclaimed at once, and how many travel together. Pure. */

/**
 * The larger of what the workers can run at once and what they finish in 50 ms: enough to keep them busy, little enough
 * that an urgent job released next starts soon.
 * @param ratePerS jobs claimed per second, as measured
 */
export function windowSize(concurrency: number, ratePerS: number): number {
  return Math.max(concurrency, Math.ceil(ratePerS * 0.05), 1);
}

const mostInPack = 32;

/**
 * How many envelopes travel in one message: what the queue finishes in 3 ms, so that a pack delays nobody, and at most an
 * eighth of a worker's slots, so that none hoards what others could run. Slow or small queues get one at a time.
 * @param smallest the fewest slots that any of the queue's workers has for it
 */
export function packSize(smallest: number, ratePerS: number): number {
  return Math.max(1, Math.min(mostInPack, Math.floor(smallest / 8), Math.floor(ratePerS * 0.003)));
}

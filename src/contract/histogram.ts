/** Times counted in buckets: cheap to gather, to add up and to read percentiles from. Pure. */

/** Upper bounds in milliseconds, each 2 to 2.5 times the one before; above the last is one bucket more. */
export const histogramBoundsMs = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000,
] as const;

/** Counts per bucket; what is missing at the end is 0. */
export type Histogram = number[];

export function emptyHistogram(): Histogram {
  return new Array(histogramBoundsMs.length + 1).fill(0);
}

export function observe(histogram: Histogram, ms: number): void {
  let bucket = 0;
  while (bucket < histogramBoundsMs.length && ms > (histogramBoundsMs[bucket] as number)) bucket++;
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/**
 * The time that this share of the observations stayed below, in milliseconds, taken to be spread evenly inside a bucket;
 * null without observations. Above the last bound it answers that bound.
 * @param share from 0 to 1
 */
export function percentile(histogram: Histogram, share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = histogramBoundsMs[bucket - 1] ?? 0;
      const to = histogramBoundsMs[bucket] ?? from;
      return from + ((to - from) * (wanted - below)) / count;
    }
    below += count;
  }
  return histogramBoundsMs.at(-1) ?? null;
}

/** Adds up histograms of one kind. */
export function sumOf(histograms: readonly Histogram[]): Histogram {
  const sum = emptyHistogram();
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram.entries()) sum[bucket] = (sum[bucket] ?? 0) + count;
  }
  return sum;
}

/** What a scenario is and what it measures. */

export interface Measured {
  value: number;
  unit: 'jobs/s' | 'feeds/s' | 'images/s' | '× real time' | 's' | 'ms' | '%' | 'MiB' | 'KiB';
  /** More about it, for the reader. */
  note?: string;
}

export interface Scenario {
  name: string;
  run(): Promise<Measured[]>;
}

/** The median and the 99th percentile of milliseconds. */
export function percentiles(waits: readonly number[], what: string): Measured[] {
  const sorted = waits.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((share) => ({
    value: sorted[Math.floor(sorted.length * share)] ?? Number.NaN,
    unit: 'ms',
    note: `p${share * 100} ${what}`,
  }));
}

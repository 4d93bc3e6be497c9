/** What a scenario is and what it measures. */

export interface Measured {
  /** Which of the scenario's figures this is; aims and the table find it by this. */
  key: string;
  /** NaN where it could not be measured. */
  value: number;
  unit:
    | 'jobs/s'
    | 'requests/s'
    | 'feeds/s'
    | 'images/s'
    | '× real time'
    | 's'
    | 'ms'
    | 'ms/job'
    | '%'
    | 'a minute'
    | 'MiB'
    | 'KiB'
    | 'B/job';
  /** More about it, for the reader. */
  note?: string;
}

export interface Scenario {
  name: string;
  /** The keys of what it measures, all of them, so that aims can be checked without running anything. */
  keys: readonly string[];
  run(): Promise<Measured[]>;
}

/** The keys that `percentiles` gives. */
export const waitKeys = ['p50', 'p99'] as const;

/** The median and the 99th percentile of milliseconds. */
export function percentiles(waits: readonly number[], what: string): Measured[] {
  const sorted = waits.toSorted((a, b) => a - b);
  return [50, 99].map((share) => ({
    key: `p${share}`,
    value: sorted[Math.floor((sorted.length * share) / 100)] ?? Number.NaN,
    unit: 'ms',
    note: `p${share} ${what}`,
  }));
}

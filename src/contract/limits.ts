/** How much of a job type the fleet may do at once and in a time, for all of its jobs and for those of one key. */

/** So many starts in any stretch of `perMs` milliseconds. */
export interface Rate {
  count: number;
  perMs: number;
}

/** Parts that are not given do not limit. */
export interface Limits {
  /** Jobs at once. */
  concurrency?: number;
  rate?: Rate;
  /** For the jobs of one key; jobs without a key are free. A concurrency above 1 gives up the strict order of the key. */
  perKey?: { concurrency?: number; rate?: Rate };
}

/** What is wrong with the limits of a definition, if anything. */
export function limitsProblem({ concurrency, rate, perKey }: Limits = {}): string | undefined {
  const numbers = [
    concurrency,
    perKey?.concurrency,
    rate?.count,
    rate?.perMs,
    perKey?.rate?.count,
    perKey?.rate?.perMs,
  ];
  const fits = numbers.every((value) => value === undefined || (Number.isInteger(value) && value > 0));
  return fits ? undefined : 'every number in limits must be a whole number from 1';
}

/**
 * By which key a job keeps a strict order, and by which key limits count it: '' without a key, undefined when no limit
 * concerns it. Several at once per key are no order any more.
 */
export function limitedKeys(limits: Limits | undefined, key: string | undefined): { key?: string; limitKey?: string } {
  if (!limits) return { key };
  const { concurrency, rate, perKey } = limits;
  const limited = concurrency !== undefined || rate !== undefined || (key !== undefined && perKey !== undefined);
  return { key: (perKey?.concurrency ?? 1) > 1 ? undefined : key, ...(limited && { limitKey: key ?? '' }) };
}

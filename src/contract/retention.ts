/** Retention of a job type: how long its finished jobs are shown, where that is shorter than the history is kept. */

export interface RetentionOptions {
  /** So long after its end, milliseconds, from 1,000. */
  ms?: number;
  /** So many of the newest jobs of the type, 1 to 100,000. */
  count?: number;
}

/** Why it can't work; undefined when it can. */
export function retentionProblem(retention: RetentionOptions | undefined): string | undefined {
  if (!retention) return undefined;
  const { ms, count } = retention;
  if (ms === undefined && count === undefined) return 'retention needs ms or count';
  if (ms !== undefined && !(Number.isInteger(ms) && ms >= 1_000))
    return 'retention.ms must be a whole number from 1,000';
  const fits = count === undefined || (Number.isInteger(count) && count >= 1 && count <= 100_000);
  return fits ? undefined : 'retention.count must be a whole number from 1 to 100,000';
}

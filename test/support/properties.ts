/** How many random histories a property is tried with. More take minutes and run in a command of their own. */
import type { Parameters } from 'fast-check';

/** 500, or another usual number where histories are long; TWOLANE_PROPERTY_RUNS goes first, `npm run test:properties` says 10,000. */
export function propertyRuns(usual = 500): number {
  const runs = Number(process.env.TWOLANE_PROPERTY_RUNS ?? usual);
  if (!Number.isInteger(runs) || runs < 1) throw new TypeError('TWOLANE_PROPERTY_RUNS must be a whole number from 1');
  return runs;
}

/**
 * The parameters of `fc.assert`: `fc.assert(property, properties())`. A failure prints its seed and path; give them as
 * `properties({ seed, path })` to see the same history again.
 */
export function properties<T>(overrides: Parameters<T> = {}, usual?: number): Parameters<T> {
  return { numRuns: propertyRuns(usual), ...overrides };
}

/** Time for one property in milliseconds: `test(name, body, propertyTimeoutMs())`. It grows with the runs. */
export function propertyTimeoutMs(): number {
  return 30_000 + propertyRuns() * 60;
}

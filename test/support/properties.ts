/** How many random histories a property is tried with. More take minutes and run in a command of their own. */
import type { Parameters } from 'fast-check';

/** TWOLANE_PROPERTY_RUNS; `npm run test:properties` says 10,000. */
function propertyRuns(): number {
  const runs = Number(process.env.TWOLANE_PROPERTY_RUNS ?? 500);
  if (!Number.isInteger(runs) || runs < 1) throw new TypeError('TWOLANE_PROPERTY_RUNS must be a whole number from 1');
  return runs;
}

/**
 * The parameters of `fc.assert`: `fc.assert(property, properties())`. A long run prints its seed; give it as TWOLANE_PROPERTY_SEED to
 * see the same histories again, or with the path that a failure prints as `properties({ seed, path })`.
 */
export function properties<T>(overrides: Parameters<T> = {}): Parameters<T> {
  const seed = Number(process.env.TWOLANE_PROPERTY_SEED ?? Date.now() % 2 ** 31);
  if (process.env.TWOLANE_PROPERTY_RUNS) console.info(`${propertyRuns()} histories, seed ${overrides.seed ?? seed}`);
  return { numRuns: propertyRuns(), seed, ...overrides };
}

/** Options of the test: the time grows with the runs, and what fails once has been found, whatever another run says. */
export const propertyOptions = { timeout: 60_000 + propertyRuns() * 500, retry: 0 };

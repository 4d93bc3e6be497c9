/** `twolane/testing`: what tests of your own job types are written with. */
export { type CrashReport, type CrashRun, type CrashTest, crashPoints } from './crash-points.ts';
export type { Duration } from './duration.ts';
export type { PayloadMatcher } from './match.ts';
export type { Spy, WaitOptions } from './spy.ts';
export {
  createTestTwolane,
  type TestClock,
  type TestParts,
  type TestTwolane,
  type TestTwolaneOptions,
} from './test-twolane.ts';

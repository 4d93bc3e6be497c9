/** Marks tests that `npm test` leaves out and `npm run test:faults` runs: options of a test or block. */
export const long = { tags: ['long'] };

export function longUnless(isShort: boolean): { tags?: string[] } {
  return isShort ? {} : long;
}

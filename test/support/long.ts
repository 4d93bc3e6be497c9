/** Marks tests that `npm test` leaves out; the commands of their projects run them, such as `npm run test:faults`: options of a test or block. */
export const long = { tags: ['long'] };

export function longUnless(isShort: boolean): { tags?: string[] } {
  return isShort ? {} : long;
}

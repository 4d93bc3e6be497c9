/** Waiting with an end: no promise of a broker is awaited without a limit. */
import { inTime } from '../../contract/in-time.ts';

/** The promise's value, or a rejection that names what stayed out after `ms`. */
export function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  return inTime(ms, promise, `Redis kept us waiting ${ms} ms for ${what}`);
}

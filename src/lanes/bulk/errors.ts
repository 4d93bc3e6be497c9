/** Redis's and BullMQ's errors by consequence, and the sentence that tells an operator what to do about them. */
import { TwolaneError } from '../../contract/errors.ts';

/**
 * `refused`: Redis answered and does not want us; `full`: it takes no writes now; `job-lost`: BullMQ misses one job or
 * its lock, because it was wiped or given to another worker; `connection-lost`: everything else.
 */
export type BulkFault = 'refused' | 'full' | 'job-lost' | 'connection-lost';

const kinds: readonly [BulkFault, RegExp][] = [
  ['refused', /NOAUTH|WRONGPASS|NOPERM|invalid username-password|invalid password/i],
  ['full', /^OOM|MISCONF|READONLY/],
  ['job-lost', /missing (key|lock)|could not renew lock|lock mismatch|is not in the .* state/i],
];

export function faultOf(error: unknown): BulkFault {
  const message = messageOf(error);
  return kinds.find(([, pattern]) => pattern.test(message))?.[0] ?? 'connection-lost';
}

/** Host and port without the credentials. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6379}`;
}

/** The error of `ready`: where it looked, what came back, and the cure. */
export function unreachable(url: string, cause: unknown): TwolaneError {
  const address = addressOf(url);
  const reason = cause === undefined ? 'no answer' : messageOf(cause);
  const text =
    faultOf(cause) === 'refused'
      ? `Redis at ${address} refuses the connection (${reason}). Check user and password in REDIS_URL`
      : `Redis does not answer at ${address} (${reason}). Start it there, or set REDIS_URL to a running one`;
  return new TwolaneError('broker_unreachable', text, { cause });
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A failed attempt on several addresses of one name has its reasons inside and an empty message of its own.
  const inner = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : '';
  return error.message || inner || error.name;
}

/** From a failed attempt to what happens next: pure rules for back-off, jitter and the dead letters. */
import { NonRetryableError, RetryAfterError, toJobError } from './errors.ts';
import type { Backoff } from './job.ts';
import type { Outcome } from './ledger.ts';

/**
 * The delay before attempt `attempt + 1`. Half of it is fixed and half is random ("equal jitter"), so that jobs which
 * failed together do not come back together.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: () => number = Math.random): number {
  const grown = {
    exponential: backoff.delayMs * 2 ** Math.min(attempt - 1, 40),
    linear: backoff.delayMs * attempt,
    fixed: backoff.delayMs,
  }[backoff.kind];
  const capped = Math.min(grown, backoff.maxMs);
  return Math.round(capped / 2 + (capped / 2) * random());
}

/** Says what follows from an error that a handler threw in the given attempt. */
export function outcomeOfError(
  thrown: unknown,
  job: { attempt: number; maxAttempts: number; backoff: Backoff },
  timedOut = false,
): Outcome {
  const error = toJobError(thrown);
  if (thrown instanceof NonRetryableError || job.attempt >= job.maxAttempts) return { kind: 'dead', error, timedOut };
  const delayMs = thrown instanceof RetryAfterError ? thrown.delayMs : backoffMs(job.backoff, job.attempt);
  return { kind: 'retry', error, delayMs, timedOut };
}

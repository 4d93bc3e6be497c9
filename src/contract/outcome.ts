/** How an attempt ended, and from a failed one to what happens next: pure rules for the back-off and the dead letters. */
import { type Backoff, backoffMs, defaultBackoff, isDelay, withJitter } from './backoff.ts';
import { type JobError, NonRetryableError, RetryAfterError, toJobError } from './errors.ts';
import type { ChildrenWait } from './flow.ts';
import type { NonRetryable } from './job.ts';
import type { PayloadFile } from './payload-files.ts';
import type { Json } from './words.ts';

/** The attempt has ended without its handler, whose code goes on: it did not stop when it was told to. */
interface Unstopped {
  stillRuns?: true;
}

/** How an attempt ended, as the worker tells the ledger. */
export type Outcome =
  /** `resultFile`: a large result is in the file store, and `result` null. */
  | { kind: 'succeeded'; result: Json | null; resultFile?: PayloadFile }
  /** `warning`: the delay is not the one that was asked for, and why. */
  | ({ kind: 'retry'; error: JobError; delayMs: number; timedOut: boolean; warning?: string } & Unstopped)
  | ({ kind: 'dead'; error: JobError; timedOut: boolean } & Unstopped)
  | ({ kind: 'cancelled'; reason: string } & Unstopped)
  /** It waits for jobs that it has enqueued and runs again then; no attempt is charged. */
  | ({ kind: 'waits' } & ChildrenWait)
  /** Back to waiting without an attempt charged: drain, or the worker can't run it after all. */
  | { kind: 'released' };

/** What became of an attempt, for those who count: `fenced` when the job belonged to another worker by then. */
export const endings = ['succeeded', 'retry', 'dead', 'cancelled', 'waits', 'released', 'fenced'] as const;
export type Ending = (typeof endings)[number];

/** What the rules need to know of a job and its type. */
export interface RetryRules {
  attempt: number;
  maxAttempts: number;
  backoff: Backoff;
  /** Errors of the job type that no further attempt can mend. Default none. */
  nonRetryable?: readonly NonRetryable[];
}

/** Says what follows from an error that a handler threw in the given attempt. */
export function outcomeOfError(thrown: unknown, rules: RetryRules, timedOut = false): Outcome {
  const error = toJobError(thrown);
  const dead: Outcome = { kind: 'dead', error, timedOut };
  if (rules.attempt >= rules.maxAttempts || isNonRetryable(thrown, rules.nonRetryable)) return dead;
  const { delayMs, warning } = nextDelay(thrown, rules);
  return delayMs === 'dead' ? dead : { kind: 'retry', error, delayMs, timedOut, ...(warning && { warning }) };
}

/** Whether an error is one that no further attempt can mend: by its own word, or because the job type lists its class or code. */
export function isNonRetryable(thrown: unknown, listed: readonly NonRetryable[] = []): boolean {
  if (thrown instanceof NonRetryableError) return true;
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  return listed.some((one) => (typeof one === 'string' ? one === code : thrown instanceof one));
}

interface NextDelay {
  delayMs: number | 'dead';
  /** What was wrong with the delay that was asked for. */
  warning?: string;
}

function nextDelay(thrown: unknown, { backoff, attempt }: RetryRules): NextDelay {
  if (thrown instanceof RetryAfterError) {
    if (isDelay(thrown.delayMs)) return { delayMs: withJitter(thrown.delayMs, 'none') };
    return standIn(attempt, `RetryAfterError said ${String(thrown.delayMs)}`);
  }
  if (backoff.kind !== 'custom') return { delayMs: backoffMs(backoff, attempt) };
  try {
    const delay = backoff.delay(attempt, thrown);
    if (delay === 'dead') return { delayMs: delay };
    if (isDelay(delay)) return { delayMs: withJitter(delay, backoff.jitter) };
    return standIn(attempt, `backoff.delay answered ${String(delay)}`);
  } catch (error) {
    return standIn(attempt, `backoff.delay threw ${String(error)}`);
  }
}

function standIn(attempt: number, what: string): NextDelay {
  const warning = `${what} instead of milliseconds of 0 or more; the default back-off was used`;
  return { delayMs: backoffMs(defaultBackoff, attempt), warning };
}

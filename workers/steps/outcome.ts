/** Step: from how the handler ended to what the ledger is told. */
import {
  type AbortError,
  type ChildrenWait,
  defaultBackoff,
  type JobDefinition,
  type Outcome,
  outcomeOfError,
} from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import { successOf } from './keep-result.ts';
import type { Ended } from './limits.ts';

/** Undefined: the job was given to another worker, so there is nothing to tell. */
export function deriveOutcome(
  ended: Ended,
  job: ClaimedJob,
  reason: AbortError | undefined,
  definition: Pick<JobDefinition, 'backoff' | 'nonRetryable'> | undefined,
  waits?: ChildrenWait,
): Outcome | undefined {
  if (reason?.code === 'fenced') return undefined;
  // Work that was finished counts, even when it was asked to stop a moment before.
  if (ended.error === undefined && waits) return { kind: 'waits', ...waits };
  if (ended.error === undefined) return successOf(ended.value);
  const { backoff, nonRetryable } = definition ?? { backoff: defaultBackoff };
  const rules = { attempt: job.attempt, maxAttempts: job.max_attempts, backoff, nonRetryable };
  const stillRuns = ended.stillRuns && ({ stillRuns: true } as const);
  switch (reason?.code) {
    case 'cancelled':
      return { kind: 'cancelled', reason: reason.message, ...stillRuns };
    case 'draining':
      return { kind: 'released' };
    case 'timed_out':
      return { ...outcomeOfError(ended.forced ?? reason, rules, true), ...stillRuns };
    default:
      return outcomeOfError(ended.error, rules);
  }
}

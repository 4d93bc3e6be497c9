/**
 * Errors on their way from a child process to its worker: a record with what follows from the error, since only the
 * process that threw it knows its class, and back to an error from which the same follows.
 */
import {
  type JobError,
  NonRetryableError,
  outcomeOfError,
  RetryAfterError,
  type RetryRules,
  TwolaneError,
  toJobError,
} from '../../src/contract/index.ts';

/** What an error says about the next attempt, by the rules of its job type. */
export type Consequence = { kind: 'dead' } | { kind: 'retry'; delayMs: number; warning?: string };

export interface PackedError {
  error: JobError;
  consequence?: Consequence;
}

export function packError(thrown: unknown, rules?: RetryRules): PackedError {
  const error = toJobError(thrown);
  if (!rules) return { error };
  const outcome = outcomeOfError(thrown, rules);
  if (outcome.kind !== 'retry') return { error, consequence: { kind: 'dead' } };
  const { delayMs, warning } = outcome;
  return { error, consequence: { kind: 'retry', delayMs, ...(warning && { warning }) } };
}

export function unpackError({ error, consequence }: PackedError): Error {
  const { name, code, message, stack } = error;
  return Object.assign(plain(message, code, consequence), { name, ...(code && { code }), ...(stack && { stack }) });
}

function plain(message: string, code: string | undefined, consequence: Consequence | undefined): Error {
  if (consequence?.kind === 'dead') return new NonRetryableError(message, { code });
  if (consequence?.kind === 'retry') return new RetryAfterError(message, consequence.delayMs);
  return code === undefined ? new Error(message) : new TwolaneError(code, message);
}

/** Errors by consequence: what a handler throws to say what happens next, and what a caller of Twolane may catch. */

/** Base of every error that Twolane throws on purpose; `code` is stable and safe to switch on. */
export class TwolaneError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Thrown by a handler whose job can never succeed: no further attempt, straight to the dead letters. */
export class NonRetryableError extends TwolaneError {
  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    super(options?.code ?? 'non_retryable', message, options);
  }
}

/** Thrown by a handler that was told when to come back; the attempt counts, the back-off of the job type does not. */
export class RetryAfterError extends TwolaneError {
  readonly delayMs: number;
  constructor(message: string, delayMs: number, options?: ErrorOptions) {
    super('retry_after', message, options);
    this.delayMs = delayMs;
  }
}

/** The reason of an AbortSignal in a handler: why its work is no longer wanted. */
export class AbortError extends TwolaneError {
  constructor(code: 'cancelled' | 'timed_out' | 'draining' | 'fenced', message: string) {
    super(code, message);
  }
}

/** `ctx.settle` found that the job belongs to another worker by now; its transaction was rolled back. */
export class FencedError extends TwolaneError {
  constructor(id: string) {
    super('fenced', `Job ${id} is no longer owned by this worker; its effect was rolled back`);
  }
}

/** One field of a request or payload that does not fit; `pointer` is a JSON Pointer (RFC 6901). */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** A payload that does not fit its job type's schema. Nothing was written. */
export class InvalidPayloadError extends TwolaneError {
  readonly fields: FieldProblem[];
  constructor(type: string, fields: FieldProblem[]) {
    super('invalid_payload', `The payload does not fit job type ${type}: ${fields.map(sentence).join('; ')}`);
    this.fields = fields;
  }
}

/** A schedule whose times can't be read. Nothing was written. */
export class InvalidScheduleError extends TwolaneError {
  readonly fields: FieldProblem[];
  constructor(fields: FieldProblem[]) {
    super('invalid_schedule', `The schedule does not fit: ${fields.map(sentence).join('; ')}`);
    this.fields = fields;
  }
}

/** A job type that is not in the catalog. */
export class UnknownJobTypeError extends TwolaneError {
  constructor(type: string) {
    super('unknown_job_type', `There is no job type "${type}"; GET /v1/job-types lists those that exist`);
  }
}

/** The ledger can't take more right now (down, or its batchers are full). Try again after `retryAfterS` seconds. */
export class OverloadedError extends TwolaneError {
  readonly retryAfterS: number;
  constructor(message: string, retryAfterS = 1, options?: ErrorOptions & { code?: string }) {
    super(options?.code ?? 'overloaded', message, options);
    this.retryAfterS = retryAfterS;
  }
}

/** Why a queue takes no more jobs: its oldest one waits too long, or the ledger has as many bytes as it may. */
export const refusalCodes = ['queue_overloaded', 'ledger_full'] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Back-pressure: the queue of the job takes no more for now, others may. Nothing was written. */
export class BackPressureError extends OverloadedError {
  constructor(code: RefusalCode, message: string, retryAfterS: number) {
    super(message, retryAfterS, { code });
  }
}

/** A change that the state of the job doesn't allow, such as retrying one that is running. */
export class ConflictError extends TwolaneError {}

/** The record that a failed attempt leaves behind. */
export interface JobError {
  name: string;
  code?: string;
  message: string;
  stack?: string;
}

/** Makes the record of anything that was thrown; texts are cut so that a row stays small. */
export function toJobError(thrown: unknown): JobError {
  if (!(thrown instanceof Error)) return { name: 'NonError', message: String(thrown).slice(0, 2_000) };
  const code = (thrown as { code?: unknown }).code;
  return {
    name: thrown.name,
    ...(code === undefined ? {} : { code: String(code) }),
    message: thrown.message.slice(0, 2_000),
    stack: thrown.stack?.slice(0, 8_000),
  };
}

function sentence(field: FieldProblem): string {
  return `${field.pointer || '/'} ${field.detail}`;
}

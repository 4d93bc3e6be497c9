/** Checks that single and bulk enqueue share: the type, the size, and pointers that begin at the request's root. */
import { InvalidPayloadError, UnknownJobTypeError } from '../contract/errors.ts';
import type { Catalog, JobDefinition } from '../contract/job.ts';
import { Problem } from '../http/problem.ts';

/**
 * The definition of a type that strangers may enqueue. `at` is the pointer to the job in the request.
 * @throws Problem 422 `unknown_job_type`, 403 `internal_job_type`.
 */
export function publicJob(catalog: Catalog, type: string, at: string): JobDefinition {
  const job = Object.hasOwn(catalog, type) ? catalog[type] : undefined;
  if (!job)
    throw new Problem(422, 'unknown_job_type', 'Unknown job type', new UnknownJobTypeError(type).message, {
      errors: [{ pointer: `${at}/type`, detail: 'names no job type' }],
    });
  if (job.internal)
    throw new Problem(403, 'internal_job_type', 'Not allowed', `Only Twolane itself enqueues "${type}" (${at}/type).`);
  return job;
}

/** @throws Problem 413 `payload_too_large`. */
export function checkSize(payload: unknown, limitBytes: number, at: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
  if (bytes <= limitBytes) return;
  const detail = `The payload has ${bytes} bytes, ${limitBytes} are allowed. Store large data and enqueue its id.`;
  throw new Problem(413, 'payload_too_large', 'The payload is too large', detail, {
    errors: [{ pointer: at, detail: `has ${bytes} bytes` }],
  });
}

/** The same refusal with pointers into the request: `prefix` turns a field's pointer into what comes before it. */
export function underPointer(error: InvalidPayloadError, prefix: (pointer: string) => string): Problem {
  const errors = error.fields.map(({ pointer, detail }) => ({ pointer: prefix(pointer) + pointer, detail }));
  return new Problem(422, error.code, 'The payload does not fit', error.message, { errors });
}

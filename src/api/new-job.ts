/** What the routes that enqueue share: the type, the key of a repeated request, pointers that begin at the request's root. */
import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import { InvalidPayloadError, UnknownJobTypeError } from '../contract/errors.ts';
import type { Catalog, JobDefinition } from '../contract/job.ts';
import { Problem } from '../http/problem.ts';
import type { Call } from '../http/route.ts';

const envelopeBytes = 64 * 1024;

/** Most bytes of a request that carries one payload. */
export function bodyLimitOf({ TWOLANE_MAX_PAYLOAD_BYTES }: Pick<Config, 'TWOLANE_MAX_PAYLOAD_BYTES'>): number {
  return TWOLANE_MAX_PAYLOAD_BYTES + envelopeBytes;
}

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

/**
 * For `catch`: passes errors on, with the pointers of a payload that does not fit moved to where the payload stands in
 * the request.
 */
export function pointingUnder(prefix: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof InvalidPayloadError)) throw error;
    const errors = error.fields.map(({ pointer, detail }) => ({ pointer: prefix + pointer, detail }));
    const detail = errors
      .map((field) => `${field.pointer}: ${field.detail}`)
      .join('; ')
      .slice(0, 2_000);
    throw new Problem(422, error.code, 'The payload does not fit', detail, { errors: errors.slice(0, 100) });
  };
}

/** An idempotency key made of the caller and the header Idempotency-Key, so that not even a crash before the answer enqueues twice. */
export function keyOfHeader({ req, actor }: Pick<Call, 'req' | 'actor'>): string | undefined {
  const header = req.get('idempotency-key');
  if (header === undefined) return undefined;
  return `http:${createHash('sha256')
    .update(`${actor.name}\n${actor.userId ?? ''}\n${header}`)
    .digest('base64url')}`;
}

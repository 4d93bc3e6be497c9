/** Problems (RFC 9457): the one shape of every error answer, and the mapping from what was thrown to what is told. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FieldProblem } from '../contract/errors.ts';
import {
  BackPressureError,
  ConflictError,
  InvalidPayloadError,
  InvalidScheduleError,
  OverloadedError,
  TwolaneError,
  UnknownJobTypeError,
} from '../contract/errors.ts';
import { MediaRefusedError } from '../contract/media.ts';
import { fieldProblems } from '../contract/pointer.ts';

/** An error answer. Handlers throw it; `detail` is for a person and says what to do. */
export class Problem extends Error {
  readonly status: number;
  /** Stable and safe to switch on: `not_found`, `invalid_request`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldProblem[] | undefined;
  readonly headers: Record<string, string>;
  /** More members of the body, for machines (RFC 9457, 3.2). */
  readonly members: Record<string, unknown>;
  /** Names this occurrence in the log; set for unexpected errors. */
  readonly instance: string | undefined;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    extras: {
      errors?: FieldProblem[];
      headers?: Record<string, string>;
      members?: Record<string, unknown>;
      instance?: string;
      cause?: unknown;
    } = {},
  ) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = extras.errors;
    this.headers = extras.headers ?? {};
    this.members = extras.members ?? {};
    this.instance = extras.instance;
  }

  toJSON(): Record<string, unknown> {
    const { status, code, title, detail, errors, instance } = this;
    return {
      ...this.members,
      type: 'about:blank',
      title,
      status,
      code,
      detail,
      ...(errors && { errors }),
      ...(instance && { instance }),
    };
  }
}

/** The schema of the body, for OpenAPI. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem' });

/** Nothing here, or nothing that the caller may know of: the two look the same on purpose. */
export const notFound = (what = 'resource') =>
  new Problem(404, 'not_found', 'Not found', `There is no such ${what}, or it is not yours to see.`);

/** A 401 that tells the scheme, as RFC 9110 wants it. */
export function unauthorised(detail: string, code = 'invalid_token'): Problem {
  return new Problem(401, code, 'Not authenticated', detail, {
    headers: { 'www-authenticate': 'Bearer realm="twolane"' },
  });
}

/** A request that does not fit its schema, with one entry per field. */
export const invalidRequest = (errors: FieldProblem[]) =>
  new Problem(
    422,
    'invalid_request',
    'The request does not fit',
    errors.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; '),
    { errors },
  );

/** Turns anything thrown into a problem. What nobody expected becomes a 500 that tells an id and nothing else. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TwolaneError) return ofTwolane(error);
  if (error instanceof z.ZodError) return invalidRequest(fieldProblems(error));
  return ofBodyParser(error) ?? unexpected(error);
}

function ofTwolane(error: TwolaneError): Problem {
  if (error instanceof InvalidPayloadError)
    return new Problem(422, error.code, 'The payload does not fit', error.message, { errors: error.fields });
  if (error instanceof InvalidScheduleError)
    return new Problem(422, error.code, 'The schedule does not fit', error.message, { errors: error.fields });
  if (error instanceof UnknownJobTypeError)
    return new Problem(422, error.code, 'Unknown job type', error.message, {
      errors: [{ pointer: '/type', detail: 'names no job type' }],
    });
  if (error instanceof OverloadedError) return overloaded(error);
  if (error instanceof MediaRefusedError)
    return new Problem(422, error.code, 'The same file failed before', error.message);
  if (error instanceof ConflictError) return new Problem(409, error.code, 'Not possible in this state', error.message);
  const known = knownCodes[error.code];
  return known ? new Problem(known.status, error.code, known.title, error.message) : unexpected(error);
}

/** Codes of plain TwolaneErrors whose messages are meant for callers. */
const knownCodes: Readonly<Record<string, { status: number; title: string }>> = {
  not_found: { status: 404, title: 'Not found' },
  too_large: { status: 413, title: 'Too large' },
  payload_too_large: { status: 413, title: 'The payload is too large' },
  invalid_weight: { status: 422, title: 'The weight does not fit' },
  invalid_options: { status: 422, title: 'The options do not fit' },
  invalid_flow: { status: 422, title: 'The flow does not fit' },
  invalid_operation: { status: 422, title: 'The operation does not fit' },
  no_operation_job: { status: 501, title: 'Not set up' },
  batch_too_large: { status: 413, title: 'The payloads are too large' },
  no_file_store: { status: 413, title: 'The payload is too large' },
  payload_missing: { status: 503, title: 'The payload or result can not be read' },
  payload_damaged: { status: 500, title: 'The payload or result can not be read' },
  too_many_jobs: { status: 422, title: 'Too many jobs' },
  invalid_cursor: { status: 422, title: 'The cursor does not fit' },
  disk_full: { status: 507, title: 'No room left' },
  checksum_mismatch: { status: 422, title: 'The bytes are not those that were announced' },
  quota_exceeded: { status: 413, title: 'The quota is used up' },
  too_many_uploads: { status: 429, title: 'Too many uploads at once' },
  upload_expired: { status: 408, title: 'Too slow' },
  unsupported_media: { status: 415, title: 'Unsupported media type' },
  upload_conflict: { status: 409, title: 'Not possible in this state' },
  upload_incomplete: { status: 409, title: 'Not possible in this state' },
  upload_locked: { status: 423, title: 'Locked' },
  too_many_parts: { status: 413, title: 'Too many pieces' },
  no_bucket: { status: 422, title: 'Not set up' },
  empty_file: { status: 422, title: 'The upload does not fit' },
};

function overloaded(error: OverloadedError): Problem {
  const detail = `${error.message.replace(/\.$/, '')}. Try again in ${error.retryAfterS} s.`;
  const status = error instanceof BackPressureError ? 429 : error.code === 'disk_full' ? 507 : 503;
  return new Problem(status, error.code, status === 507 ? 'No room left' : 'Not now', detail, {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterS))) },
    cause: error,
  });
}

/** Errors of Express's body parsers carry a `type`; their texts may quote the body and are not repeated. */
function ofBodyParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('type' in error) || !('status' in error)) return undefined;
  if (error.type === 'entity.too.large')
    return new Problem(413, 'body_too_large', 'The body is too large', 'Send less in one request.');
  if (error.type === 'entity.parse.failed')
    return new Problem(400, 'invalid_json', 'The body is not JSON', 'The body could not be read as JSON (RFC 8259).');
  if (error.status === 415)
    return new Problem(415, 'unsupported_media_type', 'Unsupported media type', 'Send UTF-8 JSON without compression.');
  const told = typeof error.status === 'number' && error.status >= 400 && error.status < 500;
  return told ? new Problem(400, 'bad_request', 'Bad request', 'The body could not be read.') : undefined;
}

function unexpected(cause: unknown): Problem {
  const instance = `urn:uuid:${randomUUID()}`;
  return new Problem(500, 'internal', 'Something went wrong here', `It is in the log as ${instance}.`, {
    instance,
    cause,
  });
}

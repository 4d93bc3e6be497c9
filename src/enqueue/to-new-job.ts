/** From a definition, a payload and options to the row that enters the ledger: checks, defaults, size limit. */
import {
  type EnqueueItem,
  type EnqueueOptions,
  fieldProblems,
  InvalidPayloadError,
  type JobDefinition,
  type Json,
  limitedKeys,
  type NewJob,
  type PayloadFiles,
  queuePath,
  TwolaneError,
  upcastPayload,
} from '../contract/index.ts';
import { repeatsOf } from './repeats.ts';

export type PayloadLimits = Pick<PayloadFiles, 'inlineBytes' | 'maxBytes' | 'secrets'>;

/** A job that was checked. */
export interface CheckedJob extends NewJob {
  /** The payload's text, where that must go to the file store before the row is written. */
  large: string | undefined;
  /** Length of the payload's text in its row. */
  inlineLength: number;
}

/**
 * Checks a payload against its job type and fills in every default.
 * @param limits of payloads, bytes of JSON; one above `inlineBytes` comes back as `large` and still has to be stored
 * @throws InvalidPayloadError naming the fields; TwolaneError `payload_too_large`, `invalid_options`
 */
export function toNewJob({ job, payload, options = {} }: EnqueueItem, limits: PayloadLimits): CheckedJob {
  const present = options.version === undefined ? payload : toPresentVersion(job, payload, options.version);
  const parsed = job.payload.safeParse(present);
  if (!parsed.success) throw new InvalidPayloadError(job.type, fieldProblems(parsed.error));
  // What is stored is what was given: a transform in the schema runs before each attempt, not at enqueue.
  const given = (present ?? null) as Json;
  const stored = job.secrets ? limits.secrets.seal(job.type, job.secrets, given) : given;
  const text = JSON.stringify(stored);
  const large = isLarge(job, text, limits) ? text : undefined;
  return {
    type: job.type,
    version: job.version,
    queue: queuePath(job.lane, job.queue),
    priority: options.priority ?? job.priority,
    payload: large === undefined ? stored : undefined,
    large,
    inlineLength: large === undefined ? text.length : 0,
    maxAttempts: options.maxAttempts ?? job.maxAttempts,
    timeoutMs: options.timeoutMs ?? job.timeoutMs,
    ...keysOf(job, options, parsed.data),
    tenant: options.tenant,
    owner: job.owner?.(parsed.data),
    metadata: options.metadata,
    delayMs: options.debounce?.ms ?? options.delayMs,
    runAt: options.runAt === undefined ? undefined : isoTime('runAt', options.runAt),
    expiresAt: options.expiresAt === undefined ? undefined : isoTime('expiresAt', options.expiresAt),
    waitFor: options.waitFor,
    onChildFailure: options.onChildFailure,
    cancelChildren: options.cancelChildren,
    ...repeatsOf(job, options, given),
    parentId: options.parentId,
    traceparent: options.traceparent,
  };
}

/** Keep-last replaces within the order of its key, so it keeps that order under any limit. */
function keysOf(job: JobDefinition, { keepLast, key }: EnqueueOptions, parsed: unknown) {
  if (keepLast) return { ...limitedKeys(job.limits, keepLast.key), key: keepLast.key };
  return limitedKeys(job.limits, key ?? job.key?.(parsed));
}

/** What is stored always has the present version, so that limits, keys and owners are derived from one shape. */
function toPresentVersion(job: JobDefinition, payload: unknown, version: number): unknown {
  if (!Number.isInteger(version) || version < 1 || version > job.version)
    throw new TwolaneError(
      'invalid_options',
      `Version ${version} of ${job.type} is not known here; its versions are 1 to ${job.version}`,
    );
  try {
    return upcastPayload(job, payload, version);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new InvalidPayloadError(job.type, [{ pointer: '', detail }]);
  }
}

/** True when the payload is too large for its row. */
function isLarge(job: JobDefinition, text: string, { inlineBytes, maxBytes }: PayloadLimits): boolean {
  const inline = Math.min(inlineBytes, maxBytes);
  // Three bytes are the most that a UTF-16 unit becomes: short texts need no count.
  if (text.length * 3 <= inline) return false;
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return bytes > inline;
  throw new TwolaneError(
    'payload_too_large',
    `The payload of a ${job.type} job has ${bytes} bytes, the limit is ${maxBytes}; store the data and enqueue its id`,
  );
}

function isoTime(name: string, value: Date | string): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime()))
    throw new TwolaneError('invalid_options', `${name} is not a time: ${String(value)}`);
  return time.toISOString();
}

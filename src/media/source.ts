/** Opening bytes that a product has already: at a URL, or in the drop folder of the file store. Errors say whether trying again makes sense. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  type FileStore,
  type MediaSource,
  NonRetryableError,
  RetryAfterError,
  TwolaneError,
} from '../contract/index.ts';
import { type Outgoing, retryAfterMs, type Scheme } from '../outgoing/index.ts';
import { readParts } from './upload/parts.ts';
import type { UploadStore } from './upload/store.ts';

/** Files below this prefix of the file store may be handed over by key; no other key may. */
export const dropFolder = 'incoming/';

const schemes: readonly Scheme[] = ['https:', 'http:'];
/** Until the head of the answer is here, and then for every pause between bytes, milliseconds. */
const answerMs = 30_000;
const redirects = 5;

export interface SourceParts {
  files: FileStore;
  uploads: UploadStore;
  outgoing: Outgoing;
  /** Largest file, bytes. */
  maxBytes: number;
}

/**
 * What can be said of a source before a job is made of it.
 * @throws TwolaneError `url_refused`, `source_missing`
 */
export async function checkSource({ files, outgoing }: Pick<SourceParts, 'files' | 'outgoing'>, source: MediaSource) {
  if ('url' in source) return outgoing.check(source.url, schemes);
  if ('key' in source) await openDropped(files, source.key);
}

/** A source that is being read, and what is known of it before it was. */
export interface OpenSource {
  stream: Readable;
  bytes?: number;
  /** Hex. */
  sha256?: string;
}

/**
 * The bytes of a source.
 * @throws NonRetryableError for what no further attempt can mend, RetryAfterError and others for what one may
 */
export async function openSource(parts: SourceParts, source: MediaSource, signal: AbortSignal): Promise<OpenSource> {
  if ('upload' in source) return openUpload(parts, source.upload).catch(final);
  if ('key' in source) return openDropped(parts.files, source.key).catch(final);
  const { outgoing, maxBytes } = parts;
  const call = { method: 'GET', schemes, timeoutMs: answerMs, redirects, signal } as const;
  const answer = await outgoing.call({ ...call, url: source.url }).catch(final);
  try {
    checkStatus(answer);
    const bytes = Number(answer.headers['content-length'] ?? 0);
    if (bytes > maxBytes)
      throw new NonRetryableError(`The file is larger than ${maxBytes} bytes`, { code: 'too_large' });
    return { stream: answer, bytes };
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

/** Its bytes count in the quota as those of the upload until the media has them. */
async function openUpload({ files, uploads }: SourceParts, id: string): Promise<OpenSource> {
  const found = await uploads.find(id);
  if (!found) throw new TwolaneError('source_missing', 'The upload is not there any more; send the file again');
  return { stream: readParts(files, found.parts), ...(found.sha256 !== null && { sha256: found.sha256 }) };
}

async function openDropped(files: FileStore, key: string): Promise<OpenSource> {
  // The store refuses keys that are no plain path; this refuses those that lead to somebody else's file.
  const found = key.startsWith(dropFolder) ? await files.open(key) : undefined;
  if (!found) throw new TwolaneError('source_missing', `There is no such file below ${dropFolder} in the file store`);
  return { stream: found.stream(), bytes: found.bytes };
}

/** A server that asks for more time than this is asked again after it, milliseconds. */
const longestWaitMs = 60 * 60_000;

function checkStatus(answer: IncomingMessage): void {
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return;
  const message = `The URL answered ${statusCode}`;
  if (statusCode !== 408 && statusCode !== 425 && statusCode !== 429 && statusCode < 500)
    throw new NonRetryableError(message, { code: 'source_missing' });
  const waitMs = retryAfterMs(answer);
  if (waitMs) throw new RetryAfterError(message, Math.min(waitMs, longestWaitMs));
  throw new TwolaneError('source_unavailable', message);
}

const hopeless = new Set(['url_refused', 'too_many_redirects', 'source_missing']);

/** What Twolane itself refuses stays refused; what the network did may be over in a moment. */
function final(error: unknown): never {
  if (error instanceof TwolaneError && hopeless.has(error.code))
    throw new NonRetryableError(error.message, { code: error.code, cause: error });
  throw error;
}

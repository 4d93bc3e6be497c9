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

/** Files below this prefix of the file store may be handed over by key; no other key may. */
export const dropFolder = 'incoming/';

const schemes: readonly Scheme[] = ['https:', 'http:'];
/** Until the head of the answer is here, and then for every pause between bytes, milliseconds. */
const answerMs = 30_000;
const redirects = 5;

export interface SourceParts {
  files: FileStore;
  outgoing: Outgoing;
  /** Largest file, bytes. */
  maxBytes: number;
}

/**
 * What can be said of a source before a job is made of it.
 * @throws TwolaneError `url_refused`, `source_missing`
 */
export async function checkSource({ files, outgoing }: Omit<SourceParts, 'maxBytes'>, source: MediaSource) {
  if ('url' in source) return outgoing.check(source.url, schemes);
  await openDropped(files, source.key);
}

/**
 * The bytes of a source.
 * @throws NonRetryableError for what no further attempt can mend, RetryAfterError and others for what one may
 */
export async function openSource(parts: SourceParts, source: MediaSource, signal: AbortSignal): Promise<Readable> {
  if (!('url' in source)) return openDropped(parts.files, source.key).catch(final);
  const { outgoing, maxBytes } = parts;
  const call = { method: 'GET', schemes, timeoutMs: answerMs, redirects, signal } as const;
  const answer = await outgoing.call({ ...call, url: source.url }).catch(final);
  try {
    checkStatus(answer);
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes)
      throw new NonRetryableError(`The file is larger than ${maxBytes} bytes`, { code: 'too_large' });
    return answer;
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

async function openDropped(files: FileStore, key: string): Promise<Readable> {
  // The store refuses keys that are no plain path; this refuses those that lead to somebody else's file.
  const found = key.startsWith(dropFolder) ? await files.open(key) : undefined;
  if (!found) throw new TwolaneError('source_missing', `There is no such file below ${dropFolder} in the file store`);
  return found.stream();
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

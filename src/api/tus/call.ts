/** What the parts of the tus server need to know of the request that they work on. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import type { FilterName, JsonObject } from '../../contract/index.ts';
import { Problem } from '../../http/problem.ts';
import { altTextSchema, filtersText } from '../media-schemas.ts';

export interface TusCall {
  userId: string;
  tenant: string | undefined;
  /** Path of the uploads, with what the API is mounted under. */
  base: string;
  /** Of the path; absent at a creation. */
  id: string | undefined;
  checksum: { algorithm: string; base64: string } | undefined;
}

export const calls = new AsyncLocalStorage<TusCall>();

export function presentCall(): TusCall {
  const call = calls.getStore();
  if (!call) throw new Error('The tus server works outside of a request');
  return call;
}

export const checksumAlgorithms = ['sha1', 'sha256', 'sha512', 'md5'];

/** @throws Problem 400 `invalid_checksum` */
export function checksumOf(header: string | undefined): TusCall['checksum'] {
  if (header === undefined) return undefined;
  const [algorithm = '', base64 = ''] = header.split(' ');
  if (checksumAlgorithms.includes(algorithm) && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { algorithm, base64 };
  const detail = `Upload-Checksum is one of ${checksumAlgorithms.join(', ')}, a space and the hash in Base64.`;
  throw new Problem(400, 'invalid_checksum', 'Bad request', detail);
}

const metadataSchema = z.record(z.string(), z.json());
const sentSchema = z.object({
  metadata: z
    .string()
    .max(16 * 1024)
    .refine(isJsonObject, 'must be a JSON object')
    .optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
    .optional(),
  altText: altTextSchema.optional(),
  filters: filtersText.optional(),
});

export interface SentMetadata {
  sha256?: string;
  /** All that was sent. */
  metadata?: JsonObject;
  altText?: string | undefined;
  filters?: FilterName[] | undefined;
}

/**
 * What the client says of a file in `Upload-Metadata`. We read `metadata`, a JSON object that is echoed with the media,
 * `sha256`, `altText` and `filters`; the rest comes back with HEAD and means nothing to us.
 * @throws Problem 422 `invalid_upload`
 */
export function sentMetadata(given: Record<string, string | null> | undefined): SentMetadata {
  if (!given) return {};
  const parsed = sentSchema.safeParse(given);
  const wrong = parsed.error?.issues[0];
  if (wrong) {
    const detail = `"${wrong.path.join('.')}" in Upload-Metadata ${wrong.message}.`;
    throw new Problem(422, 'invalid_upload', 'The upload does not fit', detail);
  }
  const { sha256, altText, filters } = parsed.data ?? {};
  return { metadata: given, altText, filters, ...(sha256 && { sha256: sha256.toLowerCase() }) };
}

function isJsonObject(text: string): boolean {
  try {
    return metadataSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

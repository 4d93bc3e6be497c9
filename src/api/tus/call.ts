/** What the parts of the tus server need to know of the request that they work on. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import type { JsonObject } from '../../contract/index.ts';
import { Problem } from '../../http/problem.ts';

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
});

/**
 * What the client says of a file in `Upload-Metadata`. We read `metadata`, a JSON object that is echoed with the media, and
 * `sha256`; the rest comes back with HEAD and means nothing to us.
 * @throws Problem 422 `invalid_upload`
 */
export function sentMetadata(given: Record<string, string | null> | undefined): {
  sha256?: string;
  metadata?: JsonObject;
} {
  if (!given) return {};
  const parsed = sentSchema.safeParse(given);
  const wrong = parsed.error?.issues[0];
  if (wrong) {
    const detail = `"${wrong.path.join('.')}" in Upload-Metadata ${wrong.message}.`;
    throw new Problem(422, 'invalid_upload', 'The upload does not fit', detail);
  }
  return { metadata: given, ...(parsed.data?.sha256 && { sha256: parsed.data.sha256.toLowerCase() }) };
}

function isJsonObject(text: string): boolean {
  try {
    return metadataSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

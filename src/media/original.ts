/** Keeping an original: what it is by its first bytes, then all of it into the file store, hashed and counted. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FileStore, TwolaneError } from '../contract/index.ts';
import { sniff } from './sniff.ts';
import type { Original } from './store.ts';

/** A key of its own, that only the database's row will lead to. */
export function originalKey(): string {
  return `originals/${randomBytes(1).toString('hex')}/${randomBytes(16).toString('hex')}`;
}

export interface OriginalLimits {
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** What the sender says of the bytes, hex; known before the first byte or only after the last one. */
  sha256?: string | undefined | (() => string | undefined);
}

/**
 * Streams the bytes to the key.
 * @throws TwolaneError `unsupported_media`, `empty_file`, `too_large`, `disk_full`, `checksum_mismatch`; nothing is left then
 */
export async function keepOriginal(
  files: FileStore,
  key: string,
  source: Readable,
  { sha256: announced, ...limits }: OriginalLimits,
): Promise<Original> {
  const { type, whole } = await sniff(source);
  const { bytes, sha256 } = await files.write(key, Readable.from(whole, { objectMode: false }), limits);
  const wanted = typeof announced === 'function' ? announced() : announced;
  if (wanted !== undefined && wanted !== sha256) {
    await files.remove(key);
    throw new TwolaneError('checksum_mismatch', `The bytes that came have the SHA-256 ${sha256}, not ${wanted}`);
  }
  return { ...type, bytes, sha256, originalKey: key };
}

/** Keeping an original: what it is by its first bytes, then all of it into the file store, hashed and counted. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FileStore } from '../contract/index.ts';
import { sniff } from './sniff.ts';
import type { Original } from './store.ts';

/**
 * Streams the bytes to a key of their own, that only the database's row will lead to.
 * @throws TwolaneError `unsupported_media`, `empty_file`, `too_large`, `disk_full`; nothing is left behind then
 */
export async function keepOriginal(
  files: FileStore,
  source: Readable,
  limits: { maxBytes: number; signal?: AbortSignal | undefined },
): Promise<Original> {
  const { type, whole } = await sniff(source);
  const key = `originals/${randomBytes(1).toString('hex')}/${randomBytes(16).toString('hex')}`;
  const { bytes, sha256 } = await files.write(key, Readable.from(whole, { objectMode: false }), limits);
  return { ...type, bytes, sha256, originalKey: key };
}

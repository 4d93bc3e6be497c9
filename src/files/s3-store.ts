/** The file store in a bucket of S3. What jobs work on meanwhile lies in a folder of this machine. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileStore, type OpenFile, type StoredFile, TwolaneError } from '../contract/index.ts';
import { explainDiskError, listFiles, Meter } from './disk-io.ts';
import { assertKey, isKey } from './keys.ts';
import { localCopies } from './local-copies.ts';
import type { S3Bucket, S3Place } from './s3-bucket.ts';
import { scratchIn } from './scratch.ts';

export interface S3StoreOptions extends S3Place {
  /** Begins every key, so that several installations can share a bucket. Default: none. */
  prefix?: string | undefined;
  /** Folder for the files of running jobs. */
  folder: string;
}

/** Objects that are written or removed at once. */
const atOnce = 4;

/**
 * A file store in a bucket that exists. The SDK is loaded when the store is first used.
 * S3 shows an object only when all of it has arrived; a folder is shown by the row that tells its prefix.
 */
export function s3Store(options: S3StoreOptions): FileStore {
  const scratch = scratchIn(join(resolve(options.folder), '.work'));
  const copies = localCopies(scratch);
  const start = options.prefix ? `${options.prefix.replace(/\/+$/, '')}/` : '';
  let opened: Promise<S3Bucket> | undefined;
  const bucket = () => {
    opened ??= import('./s3-bucket.ts').then(({ s3Bucket }) => s3Bucket(options));
    return opened;
  };

  async function write(key: string, source: Readable, limits: { maxBytes: number; signal?: AbortSignal }) {
    const name = start + assertKey(key);
    const meter = new Meter(limits.maxBytes);
    // The upload reads from the meter; what breaks before it ends the upload as well, and S3 forgets its parts.
    const flow = pipeline(source, meter, { signal: limits.signal }).catch((error) => void meter.destroy(error));
    try {
      await (await bucket()).put(name, meter, limits);
    } catch (error) {
      meter.destroy();
      throw meter.errored ?? error;
    } finally {
      await flow;
    }
    return { key, bytes: meter.bytes, sha256: meter.sha256() };
  }

  async function open(key: string): Promise<OpenFile | undefined> {
    if (!isKey(key)) return undefined;
    const s3 = await bucket();
    const found = await s3.head(start + key);
    return found && { ...found, stream: (range) => s3.read(start + key, found.etag, range) };
  }

  async function withLocalFile<T>(
    key: string,
    use: (path: string) => Promise<T>,
    { shared = false }: { shared?: boolean } = {},
  ): Promise<T> {
    const found = await open(key);
    if (!found) throw new TwolaneError('file_missing', `There is no file ${key} in the store`);
    const fetch = (path: string) =>
      pipeline(found.stream(), createWriteStream(path, { mode: 0o600 })).catch((error) => {
        throw explainDiskError(error);
      });
    if (shared) return copies.use(`${found.etag} ${key}`, fetch, use);
    return scratch.withFolder(async (folder) => {
      const path = join(folder, 'file');
      await fetch(path);
      return use(path);
    });
  }

  async function remove(prefix: string): Promise<void> {
    const s3 = await bucket();
    await s3.remove(start + assertKey(prefix));
    for await (const keys of s3.list(`${start}${prefix}/`)) await inParallel(keys, (key) => s3.remove(key));
  }

  async function publish(folder: string, prefix: string): Promise<StoredFile[]> {
    const names = await listFiles(folder);
    if (names.length === 0) throw new TwolaneError('nothing_to_publish', 'The folder to publish holds no file');
    await remove(prefix);
    try {
      return await inParallel(names, async (name) => {
        const path = join(folder, name);
        const { size } = await stat(path);
        return write(`${prefix}/${name}`, createReadStream(path), { maxBytes: size });
      });
    } catch (error) {
      await remove(prefix);
      throw error;
    }
  }

  /** Beside the folders of this machine the uploads in parts of processes that were killed. */
  async function sweep({ olderThanMs, limit }: { olderThanMs: number; limit: number }): Promise<number> {
    const before = new Date(Date.now() - olderThanMs);
    let removed = await scratch.sweep({ olderThanMs, limit });
    for (const folder of largeFolders) {
      if (removed >= limit) break;
      removed += await (await bucket())
        .endUploads(`${start}${folder}/`, { before, limit: limit - removed })
        .catch(none);
    }
    return removed;
  }

  return {
    write,
    open,
    withLocalFile,
    withFolder: scratch.withFolder,
    sweep,
    publish,
    remove,
    freeBytes: async () => undefined,
    presign: async (key, limits) => (await bucket()).presign(start + assertKey(key), limits),
  };
}

/** Where files are large enough to be sent in parts. The bucket may hold uploads of others. */
const largeFolders = ['originals', 'uploads', 'media', 'work'];

/** A server that can't list them. */
function none(error: { name?: string }): number {
  if (error.name === 'NotImplemented') return 0;
  throw error;
}

/** Stops at the first failure, and only when nothing is on its way any more. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failure: { error: unknown } | undefined;
  const take = async () => {
    while (next < items.length && !failure) {
      const place = next++;
      try {
        results[place] = await work(items[place] as T);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  if (failure) throw failure.error;
  return results;
}

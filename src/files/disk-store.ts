/** The file store on a local disk. A key becomes visible by a rename, so a reader never sees half a file. */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileStore, type OpenFile, type StoredFile, TwolaneError } from '../contract/index.ts';
import { errorCode, explainDiskError, fsyncPath, listFiles, listFolders, Meter, measure } from './disk-io.ts';
import { assertKey, isKey } from './keys.ts';
import { privateFolder, scratchIn } from './scratch.ts';

/**
 * A file store in a folder of this machine. The folder is made when it is first needed; unfinished work lives in
 * `.work` below it, so that finishing is a rename on one disk.
 */
export function diskStore(options: { folder: string }): FileStore {
  const root = resolve(options.folder);
  const scratch = scratchIn(join(root, '.work'));
  const pathOf = (key: string) => join(root, assertKey(key));

  async function write(key: string, source: Readable, limits: { maxBytes: number; signal?: AbortSignal }) {
    const target = pathOf(key);
    const unfinished = await scratch.path('.part');
    try {
      const written = await writeSynced(unfinished, source, limits);
      await moveInto(unfinished, target, root);
      return { key, ...written };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw explainDiskError(error);
    }
  }

  async function publish(folder: string, prefix: string): Promise<StoredFile[]> {
    const target = pathOf(prefix);
    try {
      const files = await seal(folder, prefix);
      await rm(target, { recursive: true, force: true });
      await moveInto(folder, target, root);
      return files;
    } catch (error) {
      throw explainDiskError(error);
    }
  }

  async function withLocalFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T> {
    const path = pathOf(key);
    const found = await fileStat(path);
    if (!found) throw new TwolaneError('file_missing', `There is no file ${key} in the store`);
    return use(path);
  }

  return {
    write,
    withFolder: scratch.withFolder,
    sweep: scratch.sweep,
    publish,
    withLocalFile,
    open: async (key) => (isKey(key) ? openFile(join(root, key)) : undefined),
    remove: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
    async freeBytes() {
      await mkdir(root, privateFolder);
      const disk = await statfs(root);
      return disk.bavail * disk.bsize;
    },
  };
}

async function writeSynced(path: string, source: Readable, limits: { maxBytes: number; signal?: AbortSignal }) {
  const meter = new Meter(limits.maxBytes);
  // `flush` fsyncs before the file is closed, so the end of the pipeline means that the bytes are on the disk.
  const sink = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(source, meter, sink, { signal: limits.signal });
  } catch (error) {
    // Aborted early, its file may not even be open: it would be made after the caller has cleaned up.
    if (!sink.closed) await once(sink, 'close');
    throw error;
  }
  return { bytes: meter.bytes, sha256: meter.sha256() };
}

/** Renames and fsyncs every folder up to the root whose entries may have changed. */
async function moveInto(from: string, target: string, root: string): Promise<void> {
  const parent = dirname(target);
  await mkdir(parent, privateFolder);
  await rename(from, target);
  for (let folder = parent; folder.startsWith(root); folder = dirname(folder)) await fsyncPath(folder);
}

/** Waiting for a disk together takes hardly longer than waiting once. */
const syncedAtOnce = 8;

/** Makes a finished folder safe and says what is in it. */
async function seal(folder: string, prefix: string): Promise<StoredFile[]> {
  const names = await listFiles(folder);
  const files: StoredFile[] = [];
  for (let at = 0; at < names.length; at += syncedAtOnce)
    files.push(
      ...(await Promise.all(names.slice(at, at + syncedAtOnce).map((name) => sealFile(folder, name, prefix)))),
    );
  if (files.length === 0) throw new TwolaneError('nothing_to_publish', 'The folder to publish holds no file');
  for (const each of await listFolders(folder)) await fsyncPath(each);
  return files;
}

async function sealFile(folder: string, name: string, prefix: string): Promise<StoredFile> {
  const path = join(folder, name);
  const stored = { key: assertKey(`${prefix}/${name}`), ...(await measure(path)) };
  await fsyncPath(path);
  return stored;
}

async function openFile(path: string): Promise<OpenFile | undefined> {
  const found = await fileStat(path);
  if (!found) return undefined;
  return {
    bytes: Number(found.size),
    // A key is written once, so inode, size and time of change name its content.
    etag: `"${found.ino.toString(36)}-${found.size.toString(36)}-${found.mtimeNs.toString(36)}"`,
    modifiedAt: found.mtime,
    stream: (range) => createReadStream(path, range),
  };
}

async function fileStat(path: string) {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile() ? found : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

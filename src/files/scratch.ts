/** The private folders of running jobs and of unfinished writes, on a disk of this machine. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './disk-io.ts';

/** Only the owner of the process reads what users sent. */
export const privateFolder = { recursive: true, mode: 0o700 } as const;

export interface Scratch {
  /** A path that nobody else uses, in a folder that is there. */
  path(ending?: string): Promise<string>;
  /** Makes a private folder and removes it when `use` is over, also on error. */
  withFolder<T>(use: (folder: string) => Promise<T>): Promise<T>;
  /** Removes what nothing was written to for so long: a crash has left it behind. At most `limit` entries. */
  sweep(options: { olderThanMs: number; limit: number }): Promise<number>;
}

export function scratchIn(root: string): Scratch {
  async function path(ending = '') {
    await mkdir(root, privateFolder);
    return join(root, `${randomBytes(16).toString('hex')}${ending}`);
  }

  async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
    const folder = await path();
    await mkdir(folder, privateFolder);
    try {
      return await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function sweep({ olderThanMs, limit }: { olderThanMs: number; limit: number }) {
    let removed = 0;
    for (const name of await namesIn(root)) {
      if (removed >= limit) break;
      const entry = join(root, name);
      if (Date.now() - (await lastWrite(entry)) < olderThanMs) continue;
      await rm(entry, { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }

  return { path, withFolder, sweep };
}

/** Of a file, or of anything in a folder; now, when it vanishes meanwhile. Milliseconds since 1970. */
async function lastWrite(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.mtimeMs;
    const below = await Promise.all((await namesIn(path)).map((name) => lastWrite(join(path, name))));
    return Math.max(found.mtimeMs, ...below);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Date.now();
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Copies of remote files on the disk of this machine, for jobs that read the same one at once or one after another: each is fetched once. */
import { rm, stat } from 'node:fs/promises';
import type { Scratch } from './scratch.ts';

export interface LocalCopies {
  /**
   * Gives a path for the time of `work`. `name` stands for these bytes and no others.
   * @param fetch writes the file, when there is no copy of it
   */
  use<T>(name: string, fetch: (path: string) => Promise<void>, work: (path: string) => Promise<T>): Promise<T>;
}

interface Copy {
  path: Promise<string>;
  fetched: Promise<unknown>;
  users: number;
  /** Somebody failed with it, or was stopped: maybe nobody is to read these bytes any more. */
  unwanted: boolean;
  /** While nobody uses it. */
  idle?: { timer: NodeJS.Timeout; bytes: number } | undefined;
}

/**
 * @param options.keepMs how long a copy stays that nobody uses. Default 10,000
 * @param options.keepBytes of all that nobody uses together. Default 4 GiB
 */
export function localCopies(
  scratch: Pick<Scratch, 'path'>,
  { keepMs = 10_000, keepBytes = 4 * 1024 ** 3 }: { keepMs?: number; keepBytes?: number } = {},
): LocalCopies {
  const copies = new Map<string, Copy>();

  function begin(name: string, fetch: (path: string) => Promise<void>): Copy {
    const path = scratch.path();
    const copy: Copy = { path, fetched: path.then(fetch), users: 0, unwanted: false };
    copies.set(name, copy);
    return copy;
  }

  async function drop(name: string, copy: Copy): Promise<void> {
    copies.delete(name);
    await rm(await copy.path, { force: true });
  }

  async function keep(name: string, copy: Copy): Promise<void> {
    const { size: bytes } = await stat(await copy.path);
    if (copy.users > 0 || copy.idle) return;
    const idle = [...copies.values()].reduce((sum, each) => sum + (each.idle?.bytes ?? 0), 0);
    if (idle + bytes > keepBytes) return drop(name, copy);
    // What can't be removed now is swept up as what crashes leave.
    const end = () => void (copy.users === 0 && drop(name, copy).catch(() => undefined));
    const timer = setTimeout(end, keepMs).unref();
    copy.idle = { timer, bytes };
  }

  async function use<T>(name: string, fetch: (path: string) => Promise<void>, work: (path: string) => Promise<T>) {
    const copy = copies.get(name) ?? begin(name, fetch);
    copy.users += 1;
    clearTimeout(copy.idle?.timer);
    copy.idle = undefined;
    try {
      await copy.fetched;
      return await work(await copy.path);
    } catch (error) {
      copy.unwanted = true;
      throw error;
    } finally {
      copy.users -= 1;
      if (copy.users === 0) await (copy.unwanted ? drop(name, copy) : keep(name, copy));
    }
  }

  return { use };
}

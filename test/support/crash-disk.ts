/**
 * A disk whose power may be cut: a file system in a file. What a program writes stays in memory until it is synced, so a copy
 * of the file is what a machine would find after the power came back. Mounting takes root.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'ignore' });

export class CrashDisk {
  readonly #place = mkdtempSync(join(tmpdir(), 'twolane-crash-'));
  /** Where it is mounted. */
  readonly folder = join(this.#place, 'disk');
  readonly #image = join(this.#place, 'image');

  /** Undefined where making or mounting one is not allowed. */
  static make(mib: number): CrashDisk | undefined {
    const disk = new CrashDisk();
    try {
      writeFileSync(disk.#image, '');
      truncateSync(disk.#image, mib * 2 ** 20);
      run('mkfs.ext4', '-q', disk.#image);
      mkdirSync(disk.folder);
      // What nobody syncs stays in memory for a minute, so that it is really lost.
      run('mount', '-o', 'loop,commit=60', disk.#image, disk.folder);
      return disk;
    } catch {
      rmSync(disk.#place, { recursive: true, force: true });
      return undefined;
    }
  }

  /** Cuts the power: `look` is given the folder as it is found afterwards. The disk itself goes on. */
  async cut<T>(look: (folder: string) => Promise<T>): Promise<T> {
    const [image, folder] = [join(this.#place, 'found'), join(this.#place, 'after')];
    run('cp', '--sparse=always', this.#image, image);
    mkdirSync(folder, { recursive: true });
    run('mount', '-o', 'loop', image, folder);
    try {
      return await look(folder);
    } finally {
      run('umount', folder);
      rmSync(image);
    }
  }

  remove(): void {
    run('umount', this.folder);
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/** A file system of a few megabytes that a test may fill to the last byte. Mounting one takes root. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** What tests say that are left out where this is not allowed. */
export const mountingForbidden = 'mounting a small file system is not allowed here';

export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Mounts one at a folder, which is made. Undefined where mounting is not allowed. */
  static mount(folder: string, mib: number): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=755`, 'twolane-test', folder], {
        stdio: 'ignore',
      });
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize;
  }

  /** Leaves no byte free: in large pieces, then in small ones. */
  fill(): void {
    for (const bytes of [2 ** 20, 2 ** 12]) {
      try {
        for (;;) appendFileSync(this.#ballast, Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  }

  /** Takes away what `fill` has written. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Unmounts it; what is on it is gone. */
  remove(): void {
    execFileSync('umount', ['-l', this.#folder]);
  }

  get #ballast(): string {
    return join(this.#folder, 'ballast');
  }
}

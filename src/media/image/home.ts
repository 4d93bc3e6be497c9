/**
 * The folder of one image process, which sees nothing else of the files: an image is linked into it, and what was made of it is moved
 * out again. It lasts as long as the process.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, link, readdir, rename, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Sight } from '../jail.ts';
import type { RenderRequest } from './protocol.ts';

const prefix = `twolane-images-${hostname()}-`;
const filmName = 'film.ivf';

export class Home {
  readonly #folder: string;

  constructor() {
    removeLeftOnce();
    this.#folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
    mkdirSync(this.#input);
    mkdirSync(this.#output);
  }

  /** What is given to the process may not be changed by it. */
  get sight(): Sight {
    return { write: [this.#folder], read: [this.#input] };
  }

  /** The request as the process is told of it. */
  async enter({ wanted, ...request }: RenderRequest): Promise<RenderRequest> {
    const input = join(this.#input, basename(request.input));
    await link(request.input, input).catch(() => copyFile(request.input, input));
    const film = wanted.film && { film: join(this.#output, filmName) };
    return { ...request, input, folder: this.#output, wanted: { ...wanted, ...film } };
  }

  /** Moves what was made to where it was wanted. */
  async leave({ folder, wanted }: RenderRequest): Promise<void> {
    for (const name of await readdir(this.#output))
      await move(join(this.#output, name), name === filmName && wanted.film ? wanted.film : join(folder, name));
  }

  /** Whatever is left of an image. */
  async tidy(): Promise<void> {
    for (const folder of [this.#input, this.#output])
      for (const name of await readdir(folder).catch(() => []))
        await rm(join(folder, name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 2 });
  }

  get #input(): string {
    return join(this.#folder, 'in');
  }

  get #output(): string {
    return join(this.#folder, 'out');
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

let removed = false;

/** Folders of processes on this machine that were killed. */
function removeLeftOnce(): void {
  if (removed) return;
  removed = true;
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

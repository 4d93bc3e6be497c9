/** Photos: the whole path from the upload to ready, against programs that only make the same files. Everybody has all cores. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Installation } from '../../scripts/media/installation.ts';
import { largePhoto } from '../../test/support/pictures.ts';
import type { Measured } from '../measured.ts';
import { MemoryWatch } from './memory.ts';
import { jpegQuality, sizes, squareSides, webp } from './renditions.ts';

const run = promisify(execFile);
const cores = availableParallelism();
/** Uploaded before the clock starts: processes and code are warm then. */
const warmUp = 2 * cores;

/** Photos of twelve megapixels that differ in a comment: the same bytes twice would be processed once. */
async function withPhotos<T>(count: number, use: (files: string[], folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-photos-'));
  try {
    await largePhoto(join(folder, 'photo.jpg'));
    const photo = await readFile(join(folder, 'photo.jpg'));
    const files = Array.from({ length: count }, (_, index) => join(folder, `${index}.jpg`));
    for (const [index, file] of files.entries()) {
      const comment = Buffer.from([0xff, 0xfe, 0, 4, index >> 8, index & 0xff]);
      await writeFile(file, Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)]));
    }
    await mkdir(join(folder, 'output'));
    return await use(files, join(folder, 'output'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<Measured> {
  const startedAt = performance.now();
  await work();
  return { key: 'rate', value: (count * 1_000) / (performance.now() - startedAt), unit: 'images/s' };
}

export function wholePath(count: number): Promise<Measured[]> {
  return withPhotos(count + warmUp, async (files) => {
    const installation = await Installation.start();
    try {
      await installation.process(files.slice(0, warmUp));
      const memory = new MemoryWatch(installation.pid);
      const rate = await rateOf(count, () => installation.process(files.slice(warmUp)));
      return [rate, ...memory.stop()];
    } finally {
      await installation.stop();
    }
  });
}

/** @param way `loop`: one decode per rendition; `cascade`: one decode per photo */
export function plainSharp(count: number, way: 'loop' | 'cascade'): Promise<Measured[]> {
  const script = fileURLToPath(new URL('./peer-process.ts', import.meta.url));
  return withPhotos(count, async (files, output) => {
    const shares = Array.from({ length: cores }, (_, core) => files.filter((_file, index) => index % cores === core));
    const work = (share: string[]) => run(process.execPath, ['--import', 'tsx', script, way, output, ...share]);
    return [await rateOf(count, () => Promise.all(shares.map(work)))];
  });
}

/** The command line of libvips: a process for each rendition, as it makes one at a time. */
export function vipsthumbnail(count: number): Promise<Measured[]> {
  return withPhotos(count, async (files, output) => {
    const both = (file: string, name: string, how: readonly string[]) => [
      [file, ...how, '-o', `${output}/${name}.webp[Q=${webp.quality},effort=${webp.effort},strip]`],
      [file, ...how, '-o', `${output}/${name}.jpg[Q=${jpegQuality},strip]`],
    ];
    const waiting = files.flatMap((file, index) => [
      ...sizes.flatMap(({ width }) => both(file, `${index}-${width}`, ['--size', `${width}x`])),
      ...squareSides.flatMap((side) =>
        both(file, `${index}-square-${side}`, ['--size', `${side}x${side}`, '--smartcrop', 'attention']),
      ),
    ]);
    const next = async () => {
      for (let args = waiting.pop(); args; args = waiting.pop())
        await run('vipsthumbnail', args, { env: { ...process.env, VIPS_CONCURRENCY: '1' } });
    };
    return [await rateOf(count, () => Promise.all(Array.from({ length: cores }, next)))];
  });
}

/** Compares an image file with what was announced. The pixels are not decoded: encoders fail loudly, disks and mistakes don't. */
import { readFile } from 'node:fs/promises';
import type { ImageFacts } from './facts.ts';
import { readAvif } from './formats/avif.ts';
import { readJpeg } from './formats/jpeg.ts';
import { readPng } from './formats/png.ts';
import { readWebp } from './formats/webp.ts';
import type { AnnouncedImage } from './manifest.ts';

const readers: Readonly<Record<AnnouncedImage['format'], (bytes: Buffer) => ImageFacts>> = {
  jpeg: readJpeg,
  webp: readWebp,
  png: readPng,
  avif: readAvif,
};

/**
 * What is wrong with the file at `path`; undefined when it is as announced.
 * @throws BrokenFile, RangeError for a file that is cut in the middle of a number
 */
export async function checkImage(path: string, meant: AnnouncedImage): Promise<string | undefined> {
  const found = readers[meant.format](await readFile(path));
  const frames = meant.frames ?? 1;
  if (found.width !== meant.width || found.height !== meant.height)
    return `${found.width}x${found.height} pixels, not ${meant.width}x${meant.height}`;
  if (found.frames !== frames) return `${found.frames} frames, not ${frames}`;
  if (found.turned) return 'it is not upright';
  if (found.colour) return `it has ${found.colour} and not sRGB`;
  if (found.metadata.length > 0) return `it holds metadata: ${found.metadata.join(', ')}`;
  return undefined;
}

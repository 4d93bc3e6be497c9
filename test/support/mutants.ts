/** Photos and videos with damage of every kind, the same for the same seed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { heic } from './phone-pictures.ts';
import { quarters, tag } from './pictures.ts';
import { clip } from './videos.ts';

export interface Mutant {
  /** Of which seed file it was made, and how. */
  name: string;
  bytes: Buffer;
}

interface Seeds {
  images: Record<string, Buffer>;
  videos: Record<string, Buffer>;
}

/** A small file of each kind that is taken. */
export async function seedFiles(): Promise<Seeds> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-seeds-'));
  const picture = await quarters(96, 64);
  const file = (name: string) => join(folder, name);
  try {
    const still = () => sharp(picture);
    const frames = await Promise.all([10, 120, 240].map((r) => still().tint({ r, g: 9, b: 9 }).png().toBuffer()));
    const moving = () => sharp(frames, { join: { animated: true } });
    await still().jpeg().toFile(file('exif.jpg'));
    await tag(file('exif.jpg'), '-Orientation=6', '-n', '-GPSLatitude=52', '-XMP:Title=seed');
    await heic(file('a.heic'), picture);
    const small = { width: 64, height: 64, fps: 8, seconds: 0.5 };
    await clip(file('a.mp4'), { ...small, options: ['-movflags', '+faststart'] });
    await clip(file('b.mov'), { ...small, sound: false });
    return {
      images: {
        jpeg: await still().jpeg().toBuffer(),
        'progressive jpeg': await still().jpeg({ progressive: true }).toBuffer(),
        'cmyk jpeg': await still().toColourspace('cmyk').jpeg().toBuffer(),
        'tagged jpeg': await readFile(file('exif.jpg')),
        png: picture,
        'interlaced png': await still().ensureAlpha(0.5).png({ progressive: true }).toBuffer(),
        '16-bit png': await still().toColourspace('rgb16').png().toBuffer(),
        webp: await still().webp().toBuffer(),
        'lossless webp': await still().webp({ lossless: true }).toBuffer(),
        'animated webp': await moving().webp().toBuffer(),
        gif: await moving().gif().toBuffer(),
        tiff: await still().tiff({ compression: 'lzw' }).toBuffer(),
        avif: await still().avif({ effort: 0 }).toBuffer(),
        heic: await readFile(file('a.heic')),
      },
      videos: { mp4: await readFile(file('a.mp4')), mov: await readFile(file('b.mov')) },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A share of the file, so that one mutation fits files of every size. */
const place = fc.noBias(fc.nat(999_999)).map((share) => share / 1_000_000);
/** Numbers that overflow, wrap or end something. */
const number = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff);

type Change = (bytes: Buffer) => Buffer;
const at = (bytes: Buffer, where: number) => Math.floor(where * bytes.length);
const write = (bytes: Buffer, where: number, what: Buffer) => {
  what.copy(bytes, Math.min(at(bytes, where), Math.max(0, bytes.length - what.length)));
  return bytes;
};
const word = (value: number) => {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(value);
  return four;
};

const change: fc.Arbitrary<Change> = fc.oneof(
  // Most formats begin with what the rest hangs on: half of the damage goes there.
  fc.tuple(place, fc.integer({ min: 0, max: 7 }), fc.boolean()).map(
    ([where, bit, early]): Change =>
      (bytes) => {
        const index = early ? Math.min(bytes.length - 1, Math.floor(where * 256)) : at(bytes, where);
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        return bytes;
      },
  ),
  fc.tuple(place, number, fc.boolean()).map(
    ([where, value, early]): Change =>
      (bytes) =>
        write(bytes, early ? Math.min(1, (where * 256) / bytes.length) : where, word(value)),
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 64 })).map(
    ([where, noise]): Change =>
      (bytes) =>
        write(bytes, where, Buffer.from(noise)),
  ),
  place.map(
    (where): Change =>
      (bytes) =>
        bytes.subarray(0, Math.max(1, at(bytes, where))),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (bytes) => {
        const [a, b] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
        return Buffer.concat([bytes.subarray(0, b), bytes.subarray(a)]);
      },
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (bytes) => {
        const [a, b] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
        return Buffer.concat([bytes.subarray(0, Math.max(1, a)), bytes.subarray(b)]);
      },
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 64 })).map(
    ([where, noise]): Change =>
      (bytes) => {
        const index = at(bytes, where);
        return Buffer.concat([bytes.subarray(0, index), Buffer.from(noise), bytes.subarray(index)]);
      },
  ),
);

/**
 * So many damaged files.
 * @param videoShare how many of them are videos, which cost more
 */
export function mutants(seeds: Seeds, options: { seed: number; count: number; videoShare: number }): Mutant[] {
  const pick = (files: Record<string, Buffer>) => fc.constantFrom(...Object.entries(files));
  const one = fc
    .tuple(
      place.chain((share) => pick(share < options.videoShare ? seeds.videos : seeds.images)),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      place,
      pick(seeds.images),
    )
    .map(([[name, bytes], changes, chance, [other, tail]]) => {
      const changed = changes.reduce<Buffer>((so, next) => next(so), Buffer.from(bytes));
      // Some are the beginning of one file and the end of another.
      if (chance > 0.05) return { name, bytes: changed };
      const half = Buffer.concat([changed.subarray(0, changed.length / 2), tail.subarray(tail.length / 2)]);
      return { name: `${name} and ${other}`, bytes: half };
    });
  return fc.sample(one, { seed: options.seed, numRuns: options.count }).map((mutant, index) => ({
    ...mutant,
    name: `${index}: ${mutant.name}`,
  }));
}

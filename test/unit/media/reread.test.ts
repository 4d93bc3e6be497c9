/** A rendition that does not decode, or shows something else than it was made of, is found. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reread } from '../../../src/media/image/reread.ts';
import { fromPixels, type Pixels } from '../../../src/media/image/sharp.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twolane-reread-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lighter to the right, each channel in its own way. */
function slope(channels: Pixels['channels'], turned = false, [width, height] = [96, 64]): Pixels {
  const data = Buffer.alloc(width * height * channels);
  for (let at = 0; at < data.length; at += 1) {
    const x = Math.floor(((Math.floor(at / channels) % width) * 96) / width);
    data[at] = ((turned ? 95 - x : x) * 2 + (at % channels) * 40) & 255;
  }
  return { data, width, height, channels };
}

describe('A rendition that is read again', () => {
  it.each(['jpeg', 'webp', 'avif'] as const)('is taken when it shows its pixels: %s', async (format) => {
    for (const channels of [1, 3, 4] as const) {
      const pixels = slope(channels);
      const path = join(folder, `${channels}.${format}`);
      await fromPixels(pixels).flatten({ background: '#ffffff' }).toFormat(format, { quality: 60 }).toFile(path);
      await reread(path, pixels);
    }
  });

  it.each(['jpeg', 'webp', 'avif'] as const)('is refused when it shows others, or breaks off: %s', async (format) => {
    const path = join(folder, `other.${format}`);
    await fromPixels(slope(3, true)).toFormat(format).toFile(path);
    await expect(reread(path, slope(3))).rejects.toMatchObject({ code: 'unexpected_output' });
    const { size } = await fromPixels(slope(3)).toFormat(format).toFile(path);
    await reread(path, slope(3));
    await truncate(path, size - 40);
    await expect(reread(path, slope(3))).rejects.toMatchObject({ code: 'unexpected_output' });
    await writeFile(path, 'no picture');
    await expect(reread(path, slope(3))).rejects.toMatchObject({ code: 'unexpected_output' });
  });

  it.each(['jpeg', 'webp'] as const)('is decoded to its end however large it is: %s', async (format) => {
    const pixels = slope(3, false, [1440, 1080]);
    const path = join(folder, `large.${format}`);
    const { size } = await fromPixels(pixels).toFormat(format).toFile(path);
    await reread(path, pixels);
    await expect(reread(path, slope(3, true, [1440, 1080]))).rejects.toMatchObject({ code: 'unexpected_output' });
    await truncate(path, size - 40);
    await expect(reread(path, pixels)).rejects.toMatchObject({ code: 'unexpected_output' });
  });
});

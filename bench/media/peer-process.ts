/** A plain program over sharp: makes the renditions of the files that it is given, one file after another, in one of two ways. */
import { join } from 'node:path';
import sharp from 'sharp';
import { jpegQuality, sizes, webp } from './renditions.ts';

const [way, output = '', ...files] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);

/** What a handler does that nobody has thought about: every file from the original. */
async function loop(file: string, to: (name: string) => string): Promise<void> {
  for (const { width } of sizes) {
    const upright = () => sharp(file, { autoOrient: true }).resize(width);
    await upright()
      .webp(webp)
      .toFile(to(`${width}.webp`));
    await upright()
      .jpeg({ quality: jpegQuality })
      .toFile(to(`${width}.jpg`));
  }
}

/** One decode, and each size from the one above it. */
async function cascade(file: string, to: (name: string) => string): Promise<void> {
  let source = sharp(file, { autoOrient: true, sequentialRead: true });
  for (const { width } of sizes) {
    const { data, info } = await source.resize(width).raw().toBuffer({ resolveWithObject: true });
    source = sharp(data, { raw: info });
    await Promise.all([
      sharp(data, { raw: info })
        .webp(webp)
        .toFile(to(`${width}.webp`)),
      sharp(data, { raw: info })
        .jpeg({ quality: jpegQuality })
        .toFile(to(`${width}.jpg`)),
    ]);
  }
}

for (const [index, file] of files.entries())
  await (way === 'loop' ? loop : cascade)(file, (name) => join(output, `${index}-${process.pid}-${name}`));

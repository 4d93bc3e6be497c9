/** A plain program over sharp: makes the renditions of the files that it is given, one file after another, in one of two ways. */
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { jpegQuality, sizes, square, squareSides, webp } from './renditions.ts';

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
  for (const side of squareSides) {
    const cut = () => sharp(file, { autoOrient: true }).resize(side, side, square);
    await cut()
      .webp(webp)
      .toFile(to(`square-${side}.webp`));
    await cut()
      .jpeg({ quality: jpegQuality })
      .toFile(to(`square-${side}.jpg`));
  }
}

/** One decode, and each size from the one above it. */
async function cascade(file: string, to: (name: string) => string): Promise<void> {
  let source = sharp(file, { autoOrient: true, sequentialRead: true });
  let squares = source;
  for (const { width, height } of sizes) {
    source = await write(source.resize(width), (extension) => to(`${width}.${extension}`));
    if (height >= squareSides[0]) squares = source;
  }
  for (const side of squareSides)
    squares = await write(squares.resize(side, side, square), (extension) => to(`square-${side}.${extension}`));
}

/** Both formats of the same pixels, and the pixels to go on with. */
async function write(pixels: Sharp, to: (extension: string) => string): Promise<Sharp> {
  const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
  const again = () => sharp(data, { raw: info });
  await Promise.all([again().webp(webp).toFile(to('webp')), again().jpeg({ quality: jpegQuality }).toFile(to('jpg'))]);
  return again();
}

for (const [index, file] of files.entries())
  await (way === 'loop' ? loop : cascade)(file, (name) => join(output, `${index}-${process.pid}-${name}`));

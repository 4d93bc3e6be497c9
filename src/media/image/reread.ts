/** Decodes a finished file once more and compares it, roughly, with the pixels that it was made of. */
import type { Sharp } from 'sharp';
import { TwolaneError } from '../../contract/index.ts';
import { type Pixels, sharp } from './sharp.ts';

/** Both pictures are compared in so many fields a side: what is lost by compressing does not show there. */
const fields = 8;
/** Points that are looked at in a field, a side: the mean of so many is near enough. */
const points = 12;
/** Mean difference of the fields, of 255, that no encoder makes. */
const tooFar = 24;

/** @throws TwolaneError `unexpected_output` for a file that can't be decoded without a complaint, or shows something else */
export async function reread(path: string, pixels: Pixels): Promise<void> {
  const found = inFields(await decoded(path, pixels));
  const meant = inFields(pixels);
  const difference = found.reduce((sum, value, at) => sum + Math.abs(value - (meant[at] as number)), 0) / found.length;
  if (difference > tooFar) unexpected(`its pixels are ${Math.round(difference)} of 255 off`);
}

/** How much smaller a large file is looked at: all of it is decoded, but fewer pixels are made of that. */
const shrinkBy = 8;

function shrunk(whole: Sharp, { width, height }: Pixels): Sharp {
  const [columns, rows] = [Math.round(width / shrinkBy), Math.round(height / shrinkBy)];
  // No fewer than are looked at, and small files are decoded in no time.
  return Math.min(columns, rows) < (fields * points) / 2 ? whole : whole.resize(columns, rows, { fit: 'fill' });
}

async function decoded(path: string, meant: Pixels): Promise<Pixels> {
  try {
    const whole = sharp(path, { failOn: 'warning' });
    const { data, info } = await shrunk(whole, meant).raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
  } catch (error) {
    return unexpected((error as Error).message);
  }
}

/** Red, green and blue of each field, on paper: a mean of points that lie evenly in it. */
function inFields({ data, width, height, channels }: Pixels): Float64Array {
  const means = new Float64Array(fields * fields * 3);
  const side = fields * points;
  for (let row = 0; row < side; row += 1) {
    const y = Math.floor(((row + 0.5) * height) / side);
    for (let column = 0; column < side; column += 1) {
      const x = Math.floor(((column + 0.5) * width) / side);
      const field = (Math.floor(row / points) * fields + Math.floor(column / points)) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        means[field + channel] =
          (means[field + channel] as number) + shown(data, (y * width + x) * channels, channels, channel);
    }
  }
  return means.map((sum) => sum / points ** 2);
}

/** One colour of the pixel that begins there, as it is seen on white. */
function shown(data: Buffer, at: number, channels: Pixels['channels'], channel: number): number {
  const value = data[at + (channels < 3 ? 0 : channel)] as number;
  if (channels % 2 === 1) return value;
  const alpha = (data[at + channels - 1] as number) / 255;
  return value * alpha + 255 * (1 - alpha);
}

function unexpected(what: string): never {
  throw new TwolaneError('unexpected_output', `A rendition that was just written does not show its picture: ${what}`);
}

/** Decodes a finished file once more and compares it, roughly, with the pixels that it was made of. */
import { TwolaneError } from '../../contract/index.ts';
import { fromPixels, type Pixels, sharp } from './sharp.ts';

/** Both pictures are compared in so many fields a side: what is lost by compressing does not show there. */
const fields = 8;
/** Mean difference of the fields, of 255, that no encoder makes. */
const tooFar = 24;
const paper = '#ffffff';

/** @throws TwolaneError `unexpected_output` for a file that can't be decoded without a complaint, or shows something else */
export async function reread(path: string, pixels: Pixels): Promise<void> {
  const meant = await inFields(fromPixels(pixels));
  const found = await inFields(sharp(path, { failOn: 'warning' })).catch((error: Error) => unexpected(error.message));
  const difference = found.reduce((sum, value, at) => sum + Math.abs(value - (meant[at] ?? 0)), 0) / found.length;
  if (difference > tooFar) unexpected(`its pixels are ${Math.round(difference)} of 255 off`);
}

function inFields(picture: ReturnType<typeof sharp>): Promise<Buffer> {
  return picture
    .flatten({ background: paper })
    .toColourspace('srgb')
    .resize(fields, fields, { fit: 'fill' })
    .raw()
    .toBuffer();
}

function unexpected(what: string): never {
  throw new TwolaneError('unexpected_output', `A rendition that was just written does not show its picture: ${what}`);
}

/** Step 5: what stands for the picture without showing it: a blurred placeholder, its colour, and a hash to find its like. */
import { rgbaToThumbHash } from 'thumbhash';
import { dominantColour } from '../colour.ts';
import { pdq, pdqSide } from '../pdq.ts';
import type { ImageDescription } from '../protocol.ts';
import { fromPixels, type Pixels } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

/** More changes nothing that the 25 bytes of a placeholder could tell. */
const placeholderSide = 64;
/** The smallest side that is enough to start from: well above what is computed from it. */
const enough = 2 * pdqSide;
/** The hash of a picture in which there is less to see would match too many others. */
const leastQuality = 50;

export const describe: ImageStep = async (work) => {
  const levels = known(work.levels);
  const from = known(levels.findLast(({ width, height }) => Math.min(width, height) >= enough) ?? levels[0]);
  const [blurred, perceptualHash] = await Promise.all([blur(from), hash(from)]);
  return { ...work, description: { ...blurred, perceptualHash } };
};

async function blur(pixels: Pixels): Promise<Pick<ImageDescription, 'placeholder' | 'dominantColour'>> {
  const { data, info } = await fromPixels(pixels)
    .resize(placeholderSide, placeholderSide, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const placeholder = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
  return { placeholder, dominantColour: dominantColour(data) };
}

async function hash(pixels: Pixels): Promise<string | null> {
  const data = await fromPixels(pixels)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize(pdqSide, pdqSide, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const luma = new Float32Array(pdqSide ** 2);
  for (let at = 0; at < luma.length; at += 1) {
    const [red, green, blue] = [data[at * 3], data[at * 3 + 1], data[at * 3 + 2]] as [number, number, number];
    luma[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  const found = pdq(luma);
  return found.quality < leastQuality ? null : found.hash;
}

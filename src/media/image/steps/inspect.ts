/** Step 1: reads the header and refuses what must not be decoded. */
import { refuseImage } from '../refusal.ts';
import { sharp } from '../sharp.ts';
import type { ImageStep } from '../step.ts';

/** sharp's names of the formats; AVIF comes as `heif` with av1 inside. */
const formats = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

export const inspect: ImageStep = async (work) => {
  const header = await readHeader(work.request.input);
  const frames = header.pages ?? 1;
  const pixels = header.width * (header.pageHeight ?? header.height) * frames;
  if (!formats.has(header.format) || (header.format === 'heif' && header.compression !== 'av1'))
    refuseImage('invalid_image', 'The file is not a JPEG, PNG, WebP, AVIF, GIF or TIFF image');
  if (pixels > work.request.maxPixels)
    refuseImage('too_many_pixels', `The image has ${pixels} pixels, the limit is ${work.request.maxPixels}`);
  const { width, height } = header.autoOrient;
  return { ...work, original: { width, height } };
};

async function readHeader(input: string) {
  try {
    return await sharp(input, { limitInputPixels: false }).metadata();
  } catch (error) {
    return refuseImage('invalid_image', 'The image cannot be read: it is damaged or not an image', error);
  }
}

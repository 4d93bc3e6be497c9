/** Step 3: the one decode that feeds every rendition: upright, in sRGB, shrunk while loading to the largest size. */
import { rm } from 'node:fs/promises';
import { planSizes } from '../plan.ts';
import { decodingFailed } from '../refusal.ts';
import { type Pixels, sharp } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

export const decode: ImageStep = async (work) => {
  const sizes = planSizes(known(work.original));
  const largest = known(sizes[0]);
  const input = known(work.input);
  const pipeline = sharp(input, {
    autoOrient: true,
    failOn: 'error',
    limitInputPixels: work.request.limits.maxPixels,
    sequentialRead: true,
  })
    .resize(largest.width, largest.height, { fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' });
  const pixels = await run(pipeline);
  if (input !== work.request.input) await rm(input);
  return { ...work, sizes, pixels };
};

async function run(pipeline: ReturnType<typeof sharp>): Promise<Pixels> {
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
  } catch (error) {
    return decodingFailed(error);
  }
}

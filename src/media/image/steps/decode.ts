/** Step 2: the one decode that feeds every rendition: upright, in sRGB, shrunk while loading to the largest size. */
import { planSizes } from '../plan.ts';
import { refuseImage } from '../refusal.ts';
import { type Pixels, sharp } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

export const decode: ImageStep = async (work) => {
  const sizes = planSizes(known(work.original));
  const largest = known(sizes[0]);
  const pipeline = sharp(work.request.input, {
    autoOrient: true,
    failOn: 'error',
    limitInputPixels: work.request.maxPixels,
    sequentialRead: true,
  })
    .resize(largest.width, largest.height, { fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' });
  return { ...work, sizes, pixels: await run(pipeline) };
};

async function run(pipeline: ReturnType<typeof sharp>): Promise<Pixels> {
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
  } catch (error) {
    return refuseImage('invalid_image', 'The image is damaged or incomplete', error);
  }
}

/** Step 7: an animation stays one, as WebP of one size with the pauses and the loops that it came with. */
import { join } from 'node:path';
import { framesOf } from '../header.ts';
import { animationSize } from '../plan.ts';
import { decodingFailed } from '../refusal.ts';
import { sharp } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

export const animate: ImageStep = async (work) => {
  const { request } = work;
  const frames = framesOf(known(work.header));
  if (!request.wanted.animation || frames < 2) return work;
  const { width, height } = animationSize(known(work.original));
  const name = `animated-${width}.webp`;
  const options = { animated: true, failOn: 'error', limitInputPixels: request.limits.maxPixels } as const;
  const encoded = sharp(known(work.input), options)
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .webp({ quality: 70, effort: 2 });
  await encoded.toFile(join(request.folder, name)).catch(decodingFailed);
  return { ...work, renditions: [...known(work.renditions), { name, format: 'webp', width, height, frames }] };
};

/** Step 7: an animation stays one, as WebP of one size with the pauses and the loops that it came with. */
import { join } from 'node:path';
import { TwolaneError } from '../../../contract/index.ts';
import { delaysOf, framesOf } from '../header.ts';
import { animationSize } from '../plan.ts';
import { decodingFailed } from '../refusal.ts';
import { sharp } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

export const animate: ImageStep = async (work) => {
  const { request } = work;
  if (!request.wanted.animation || framesOf(known(work.header)) < 2) return work;
  const { width, height } = animationSize(known(work.original));
  const name = `animated-${width}.webp`;
  const options = { animated: true, failOn: 'error', limitInputPixels: request.limits.maxPixels } as const;
  const encoded = sharp(known(work.input), options)
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .webp({ quality: 70, effort: 2 });
  const path = join(request.folder, name);
  await encoded.toFile(path).catch(decodingFailed);
  const frames = await framesShown(path, sum(delaysOf(known(work.header))));
  return { ...work, renditions: [...known(work.renditions), { name, format: 'webp', width, height, frames }] };
};

/** The encoder makes one frame of equal neighbours: there may be fewer, but they take as long. One alone takes no time. */
async function framesShown(path: string, totalMs: number): Promise<number> {
  const header = await sharp(path).metadata();
  const shownMs = sum(delaysOf(header));
  if (framesOf(header) > 1 && shownMs !== totalMs)
    throw new TwolaneError('unexpected_output', `The animation takes ${shownMs} ms, not ${totalMs}`);
  return framesOf(header);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

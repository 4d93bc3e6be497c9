/** Step 4: the pixels of every size, each made from the size above it. */
import type { PlannedSize } from '../plan.ts';
import { fromPixels, type Pixels } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

export const shrink: ImageStep = async (work) => {
  const levels: Pixels[] = [known(work.pixels)];
  for (const size of known(work.sizes).slice(1)) levels.push(await scale(known(levels.at(-1)), size));
  return { ...work, levels };
};

async function scale(pixels: Pixels, size: PlannedSize): Promise<Pixels> {
  const resized = fromPixels(pixels).resize(size.width, size.height, { fit: 'fill' }).raw();
  return { ...pixels, ...size, data: await resized.toBuffer() };
}

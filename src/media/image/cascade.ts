/** Smaller sizes out of larger ones. */
import type { PlannedSize } from './plan.ts';
import { fromPixels, type Pixels } from './sharp.ts';

/** The pixels of every size, each made from the one before it; the first size is that of `largest`. */
export async function cascade(largest: Pixels, sizes: readonly PlannedSize[]): Promise<Pixels[]> {
  const levels = [largest];
  for (const size of sizes.slice(1)) levels.push(await scale(levels.at(-1) as Pixels, size));
  return levels;
}

async function scale(pixels: Pixels, { width, height }: PlannedSize): Promise<Pixels> {
  const resized = fromPixels(pixels).resize(width, height, { fit: 'fill' }).raw();
  return { ...pixels, width, height, data: await resized.toBuffer() };
}

/** Step 4: the pixels of every size, each made from the size above it. */
import { cascade } from '../cascade.ts';
import { type ImageStep, known } from '../step.ts';

export const shrink: ImageStep = async (work) => ({
  ...work,
  levels: await cascade(known(work.pixels), known(work.sizes)),
});

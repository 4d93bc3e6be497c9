/** The image pipeline: what happens to one image, as an ordered list. */
import type { RenderedImage, RenderRequest } from './protocol.ts';
import { type ImageStep, type ImageWork, known } from './step.ts';
import { decode } from './steps/decode.ts';
import { encode } from './steps/encode.ts';
import { inspect } from './steps/inspect.ts';
import { placeholder } from './steps/placeholder.ts';

/** In the order in which they run. A new step is a file in `steps/` and a line here. */
export const imageSteps: readonly ImageStep[] = [inspect, decode, placeholder, encode];

/**
 * Renders one image into `request.folder`.
 * @throws NonRetryableError `invalid_image` or `too_many_pixels` when the image is at fault
 */
export async function renderImage(request: RenderRequest): Promise<RenderedImage> {
  let work: ImageWork = { request };
  for (const step of imageSteps) work = await step(work);
  return {
    ...known(work.original),
    placeholder: known(work.placeholder),
    renditions: known(work.renditions),
  };
}

/** The image pipeline: what happens to one image, as an ordered list. */
import type { RenderedImage, RenderRequest } from './protocol.ts';
import { type ImageStep, type ImageWork, known } from './step.ts';
import { animate } from './steps/animate.ts';
import { convert } from './steps/convert.ts';
import { decode } from './steps/decode.ts';
import { describe } from './steps/describe.ts';
import { encode } from './steps/encode.ts';
import { film } from './steps/film.ts';
import { inspect } from './steps/inspect.ts';
import { shrink } from './steps/shrink.ts';

/** In the order in which they run. A new step is a file in `steps/` and a line here. */
export const imageSteps: readonly ImageStep[] = [inspect, convert, decode, shrink, describe, encode, animate, film];

/**
 * Renders one image into `request.folder`.
 * @throws NonRetryableError with a code of `ImageRefusal` when the image is at fault; TwolaneError `image_heavy` when it
 * belongs into the slot for heavy ones, `image_too_costly` when the memory of this process did not do
 */
export async function renderImage(request: RenderRequest): Promise<RenderedImage> {
  let work: ImageWork = { request };
  for (const step of imageSteps) work = await step(work);
  return {
    ...known(work.original),
    ...known(work.description),
    renditions: known(work.renditions),
    ...(work.film && { film: work.film }),
  };
}

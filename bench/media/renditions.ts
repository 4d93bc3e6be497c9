/** What everybody makes of a photo here: the outputs of the image pipeline, with its settings. */
import { planSizes, squareSides } from '../../src/media/image/plan.ts';

/** A photo of twelve megapixels. */
export const sizes = planSizes({ width: 4_000, height: 3_000 });
export const webp = { quality: 78, effort: 2 } as const;
export const jpegQuality = 80;
export { squareSides };
/** Cut around what draws the eye. */
export const square = { fit: 'cover', position: 'attention' } as const;

/** Adds the renditions that were asked for to a photo. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { makeRenditionsJob } from './make-renditions.job.ts';

export const makeRenditions =
  (media: MediaServices): Handler<typeof makeRenditionsJob> =>
  ({ filters, avif, ...photo }, context) =>
    media.addRenditions(photo, { filters, avif }, context);

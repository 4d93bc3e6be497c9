/** Adds AVIF to a photo. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { makeAvifJob } from './make-avif.job.ts';

export const makeAvif =
  (media: MediaServices): Handler<typeof makeAvifJob> =>
  (photo, context) =>
    media.addRenditions(photo, { avif: true }, context);

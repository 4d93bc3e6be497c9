/** Renders a photo and makes it ready. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { processImageJob } from './process-image.job.ts';

export const processImage =
  (media: MediaServices): Handler<typeof processImageJob> =>
  ({ mediaId }, context) =>
    media.processPhoto(mediaId, context);

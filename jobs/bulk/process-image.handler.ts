/** Renders a photo and makes it ready. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { processImageJob } from './process-image.job.ts';

const wanted = { plain: true, squares: true, animation: true };

export const processImage =
  (media: MediaServices): Handler<typeof processImageJob> =>
  ({ mediaId }, context) =>
    media.process(mediaId, context, async ({ input, output, row }) => {
      context.progress(5, 'rendering');
      const image = await media.images.render(input, output, context.signal, { ...wanted, filters: row.filters });
      context.progress(90, 'publishing');
      return image;
    });

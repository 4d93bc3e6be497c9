/** Transcodes a video and makes it ready. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { processVideoJob } from './process-video.job.ts';

export const processVideo =
  (media: MediaServices): Handler<typeof processVideoJob> =>
  ({ mediaId }, context) =>
    media.process(mediaId, context, (making) =>
      media.videos.make(making, context.signal, (percent, note) => context.progress(percent, note)),
    );

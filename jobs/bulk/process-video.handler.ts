/** Makes a video ready, in one go or with the help of further jobs. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { processVideoJob } from './process-video.job.ts';

export const processVideo =
  (media: MediaServices): Handler<typeof processVideoJob> =>
  ({ mediaId }, context) =>
    media.processVideo(mediaId, context);

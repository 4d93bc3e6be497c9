/** Plans a video without making anything of it. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { planVideoJob } from './plan-video.job.ts';

export const planVideo =
  (media: MediaServices): Handler<typeof planVideoJob> =>
  (wanted, context) =>
    media.planVideo(wanted, context.signal);

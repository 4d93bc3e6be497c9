/** Every handler, by job type: one that is missing does not compile. */
import type { HandlersOf } from '../src/contract/index.ts';
import { processImage } from './bulk/process-image.handler.ts';
import { processVideo } from './bulk/process-video.handler.ts';
import type { platformJobs } from './catalog.ts';
import type { PlatformServices } from './services.ts';

export function platformHandlers({ media }: PlatformServices) {
  return {
    'process-image': processImage(media),
    'process-video': processVideo(media),
  } satisfies HandlersOf<typeof platformJobs>;
}

/** See `fetch-media.job.ts`. The job that processes the bytes is enqueued in the transaction that settles this one. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { fetchMediaJob } from './fetch-media.job.ts';

export const fetchMedia =
  (media: MediaServices): Handler<typeof fetchMediaJob> =>
  ({ mediaId }, context) =>
    media.fetch(mediaId, context);

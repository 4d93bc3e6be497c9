/** See `collect-uploads.job.ts`. One run takes a bounded number of each kind; the next one goes on. */
import type { Handler, MediaUploads } from '../../src/contract/index.ts';
import type { collectUploadsJob } from './collect-uploads.job.ts';

const perRun = 1_000;

export const collectUploads =
  (uploads: MediaUploads): Handler<typeof collectUploadsJob> =>
  async (_payload, context) => {
    const collected = await uploads.collect(perRun);
    if (Object.values(collected).some((count) => count > 0)) context.log('Collected', collected);
  };

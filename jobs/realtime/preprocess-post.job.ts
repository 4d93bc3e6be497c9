/** First node of trending: adds to a published post what the quality filters ask for. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const preprocessPost = defineJob({
  type: 'preprocess-post',
  lane: 'realtime',
  queue: 'trend-prepare',
  description: 'Looks up what the quality filters of trending ask about a post.',
  payload: z.object({ postId: z.string() }),
  batch: { size: 50, waitMs: 20 },
  retention: { ms: 60 * 60_000 },
  internal: true,
});

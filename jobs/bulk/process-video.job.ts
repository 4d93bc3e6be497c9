/** Makes an uploaded video playable. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const processVideoJob = defineJob({
  type: 'process-video',
  lane: 'bulk',
  queue: 'video',
  description: 'Makes the poster and the HLS rung of an uploaded video.',
  payload: z.object({ mediaId: z.string(), ownerId: z.string() }),
  maxAttempts: 3,
  // An hour of video on a busy core.
  timeoutMs: 3 * 60 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

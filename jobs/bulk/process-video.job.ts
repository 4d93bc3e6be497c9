/** Makes an uploaded video playable. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const processVideoJob = defineJob({
  type: 'process-video',
  lane: 'bulk',
  queue: 'video',
  description: 'Makes an uploaded video playable; has long ones encoded in pieces.',
  payload: z.object({ mediaId: z.string(), ownerId: z.string() }),
  maxAttempts: 3,
  // Looking, or a cheap video, or putting the pieces of an hour together.
  timeoutMs: 60 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

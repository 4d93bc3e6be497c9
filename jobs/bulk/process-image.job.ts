/** Makes an uploaded photo's renditions. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const processImageJob = defineJob({
  type: 'process-image',
  lane: 'bulk',
  queue: 'image',
  description: 'Makes the renditions and the placeholder of an uploaded photo.',
  payload: z.object({ mediaId: z.string(), ownerId: z.string() }),
  maxAttempts: 3,
  timeoutMs: 2 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

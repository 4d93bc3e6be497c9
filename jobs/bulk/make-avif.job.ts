/** Makes the AVIF renditions of a photo that is ready already: small files that take long to make. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const makeAvifJob = defineJob({
  type: 'make-avif',
  lane: 'bulk',
  queue: 'image',
  description: 'Makes the AVIF renditions of a photo, once nothing else waits.',
  payload: z.object({ mediaId: z.string(), ownerId: z.string(), mediaJobId: z.string().optional() }),
  priority: 'low',
  // The other places of the queue are for photos that somebody waits for.
  concurrency: 1,
  maxAttempts: 3,
  timeoutMs: 10 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

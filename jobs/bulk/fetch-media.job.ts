/** Brings the bytes of a photo or video that was handed over by URL or key. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const fetchMediaJob = defineJob({
  type: 'fetch-media',
  lane: 'bulk',
  queue: 'fetch',
  description: 'Brings the bytes of a photo or video from a URL or the drop folder.',
  payload: z.object({ mediaId: z.string(), ownerId: z.string() }),
  backoff: { delayMs: 2_000, maxMs: 10 * 60_000 },
  internal: true,
  owner: (payload) => payload.ownerId,
});

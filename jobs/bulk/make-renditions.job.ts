/** Makes more renditions of a photo that is ready: filtered ones, as somebody asked. */
import { z } from 'zod';
import { defineJob, filterNames } from '../../src/contract/index.ts';

export const makeRenditionsJob = defineJob({
  type: 'make-renditions',
  lane: 'bulk',
  queue: 'image',
  description: 'Makes renditions of a photo that were asked for, beside those that every photo gets.',
  payload: z.object({
    mediaId: z.string(),
    ownerId: z.string(),
    mediaJobId: z.string().optional(),
    filters: z.array(z.enum(filterNames)).optional(),
    avif: z.boolean().optional(),
  }),
  maxAttempts: 3,
  timeoutMs: 5 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

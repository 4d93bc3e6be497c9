/** Looks at a video and says what would be made of it. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

const source = z.union([z.object({ url: z.string() }), z.object({ key: z.string() })]);

export const planVideoJob = defineJob({
  type: 'plan-video',
  lane: 'bulk',
  queue: 'video',
  description: 'Says what would be made of a video, and what it would cost.',
  // Somebody waits for the answer, and it takes a moment.
  priority: 'high',
  payload: z.object({ mediaId: z.string().optional(), source: source.optional(), ownerId: z.string() }),
  result: z.object({
    width: z.int(),
    height: z.int(),
    durationMs: z.int(),
    rungs: z.array(z.object({ name: z.string(), width: z.int(), height: z.int() })),
    cpuMs: z.int(),
    jobs: z.int(),
    whyNotStandard: z.array(z.string()),
  }),
  maxAttempts: 2,
  timeoutMs: 5 * 60_000,
  internal: true,
  owner: (payload) => payload.ownerId,
});

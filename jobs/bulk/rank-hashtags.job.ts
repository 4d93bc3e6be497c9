/** Fourth node of trending: scores the windows that have ended and publishes the list, every minute. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const rankHashtags = defineJob({
  type: 'rank-hashtags',
  lane: 'bulk',
  queue: 'trends',
  description: 'Scores hashtags against their week, groups their variants and publishes the list of trends.',
  payload: z.object({ at: z.iso.datetime().optional().describe('As of then. Default: now') }),
  result: z.object({ asOf: z.string(), tags: z.number() }),
  timeoutMs: 5 * 60_000,
  maxAttempts: 2,
  retention: { count: 1_000 },
  internal: true,
  key: () => 'trending',
});

/** Third node of trending: counts the tags of a post in their window, an author once per tag and window. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const scoreHashtags = defineJob({
  type: 'score-hashtags',
  lane: 'realtime',
  queue: 'trend-score',
  description: 'Counts the hashtags of a post in the five minutes it belongs to.',
  payload: z.object({ authorId: z.string(), at: z.iso.datetime(), tags: z.array(z.string()).min(1) }),
  result: z.object({ inTime: z.boolean().describe('False: too late to count') }),
  batch: { size: 100, waitMs: 50 },
  retention: { ms: 60 * 60_000 },
  internal: true,
});

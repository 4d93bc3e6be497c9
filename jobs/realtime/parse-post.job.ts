/** Second node of trending: takes the hashtags out of a caption and keeps out what the quality filters object to. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const parsePost = defineJob({
  type: 'parse-post',
  lane: 'realtime',
  queue: 'trend-parse',
  description: 'Extracts the hashtags of a caption and filters them by quality, with reasons.',
  payload: z.object({
    postId: z.string(),
    authorId: z.string(),
    caption: z.string(),
    at: z.iso.datetime(),
    published: z.boolean(),
    authorAgeMs: z.number().nullable(),
    authorBlocked: z.boolean(),
  }),
  result: z.object({
    tags: z.array(z.string()),
    dropped: z.record(z.string(), z.number()).describe('How many tags were kept out, by reason'),
    version: z.number().describe('Of the filter settings'),
  }),
  batch: { size: 50, waitMs: 20 },
  retention: { ms: 60 * 60_000 },
  internal: true,
});

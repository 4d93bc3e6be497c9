/** Makes one page of followers' feeds agree with a post: holding it once while it is for them, without it once it is not. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const deliverFeedPage = defineJob({
  type: 'deliver-feed-page',
  lane: 'realtime',
  queue: 'feed',
  description: 'Brings one post into up to 10,000 feeds, or takes it out of them again.',
  payload: z.object({
    /** The job that walks. */
    walkId: z.string(),
    postId: z.string(),
    authorId: z.string(),
    pass: z.enum(['deliver', 'retract']),
    /** Followers with after < id ≤ through. */
    after: z.string(),
    through: z.string(),
  }),
  internal: true,
});

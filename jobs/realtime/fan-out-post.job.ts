/** Publishes a post once its media are ready, and walks its author's followers: one page job per 10,000. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const fanOutPost = defineJob({
  type: 'fan-out-post',
  lane: 'realtime',
  queue: 'feed',
  description: "Publishes a post and enqueues one page job per 10,000 of its author's followers.",
  payload: z.object({ postId: z.string(), authorId: z.string() }),
  internal: true,
  key: ({ postId }) => `post:${postId}`,
  owner: ({ authorId }) => authorId,
});

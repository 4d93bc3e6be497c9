/** Takes a post that was deleted or hidden out of the feeds' storage. Reads leave it out from that moment on. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const retractPost = defineJob({
  type: 'retract-post',
  lane: 'realtime',
  queue: 'feed',
  description: 'Removes a deleted or hidden post from the feeds that hold it.',
  payload: z.object({ postId: z.string(), authorId: z.string() }),
  priority: 'low',
  internal: true,
  owner: ({ authorId }) => authorId,
});

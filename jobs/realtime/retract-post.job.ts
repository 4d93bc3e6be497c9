/** Takes a deleted post out of the feeds' storage. Reads filter it from the moment it is deleted. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const retractPost = defineJob({
  type: 'retract-post',
  lane: 'realtime',
  queue: 'feed',
  description: 'Removes a deleted post from the feeds that hold it.',
  payload: z.object({ postId: z.string(), authorId: z.string() }),
  priority: 'low',
  internal: true,
  owner: ({ authorId }) => authorId,
});

/** Takes what an account that became private had told others out of their notifications. Reads leave it out from that moment on. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const hideAccount = defineJob({
  type: 'hide-account',
  lane: 'realtime',
  queue: 'feed',
  description: "Removes notifications about a private account's posts from the lists of those who do not follow it.",
  payload: z.object({ userId: z.string() }),
  priority: 'low',
  internal: true,
  owner: ({ userId }) => userId,
});

/** Takes what a private account has told others, who may not see it any more, out of their notifications. Reads leave it out at once. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const hideAccount = defineJob({
  type: 'hide-account',
  lane: 'realtime',
  queue: 'feed',
  description: "Removes a private account's posts and mentions from the notifications of those who do not follow it.",
  payload: z.object({
    userId: z.string(),
    /** Of one who does not follow any more; absent: of everybody who does not. */
    fromId: z.string().optional(),
  }),
  priority: 'low',
  internal: true,
  owner: ({ userId }) => userId,
});

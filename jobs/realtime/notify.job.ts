/** Makes one user's notification agree with what somebody did: liked, commented, followed, wrote, or took it back. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const notify = defineJob({
  type: 'notify',
  lane: 'realtime',
  queue: 'fast',
  description: 'Adds an actor to a notification, or takes the actor out after an unlike or unfollow.',
  payload: z.object({
    kind: z.enum(['like', 'comment', 'follow', 'message']),
    actorId: z.string(),
    recipientId: z.string(),
    /** The post, for a follow the recipient, for a message the thread. */
    objectId: z.string(),
  }),
  internal: true,
  /** In order per actor and object, so that the last of like, unlike, like is what stays. */
  key: ({ kind, objectId, actorId }) => `${kind}:${objectId}:${actorId}`,
});

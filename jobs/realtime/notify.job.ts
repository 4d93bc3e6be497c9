/** Makes one user's notification agree with what somebody did: liked, commented, mentioned, followed, wrote, or took it back. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const notify = defineJob({
  type: 'notify',
  lane: 'realtime',
  // Of its own: while a batch gathers it holds places, and the likes of a post that everybody sees must hold back nobody else.
  queue: 'notify',
  description: 'Adds an actor to a notification, or takes the actor out, and decides who is told where and when.',
  payload: z.object({
    kind: z.enum([
      'like',
      'comment',
      'mention',
      'follow',
      'follow-request',
      'follow-accepted',
      'message',
      'logged-out',
    ]),
    actorId: z.string(),
    recipientId: z.string(),
    /** The post, for what concerns following the recipient, for a message the thread; what is like nothing else has an id of its own. */
    objectId: z.string(),
  }),
  batch: { size: 100, waitMs: 10 },
  // Batches about one post take turns at its notification: few of them wait with a connection, the rest without.
  concurrency: 4,
  internal: true,
  /** In order per actor, object and recipient, so that the last of like, unlike, like is what stays. */
  key: ({ kind, objectId, actorId, recipientId }) => `${kind}:${objectId}:${actorId}:${recipientId}`,
});

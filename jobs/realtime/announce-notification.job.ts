/** Asks the gates again about a notification that was deferred or gathers actors, once its time has come. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';
import { notify } from './notify.job.ts';

export const announceNotification = defineJob({
  type: 'announce-notification',
  lane: 'realtime',
  queue: 'fast',
  description: 'Announces what a notification has gathered, or what had to wait, if it is still worth it.',
  payload: z.object({
    kind: notify.payload.shape.kind,
    recipientId: z.string(),
    objectId: z.string(),
    notificationId: z.string(),
  }),
  internal: true,
});

/** Sends one announcement to one address: a browser, a mailbox, a webhook. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

export const deliverNotification = defineJob({
  type: 'deliver-notification',
  lane: 'realtime',
  queue: 'notifications',
  description: 'Sends one notification to one browser, mailbox or webhook.',
  payload: z.object({ deliveryId: z.string() }),
  backoff: { kind: 'list', delaysMs: [5 * seconds, 30 * seconds, 2 * minutes, 10 * minutes, 1 * hours, 4 * hours] },
  timeoutMs: 45 * seconds,
  internal: true,
  // By destination, which enqueuers name: a slow server must not take the slots of all others.
  limits: { perKey: { concurrency: 16 } },
});

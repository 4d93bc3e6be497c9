/** Sends a code to an e-mail address that a user has given, to be proved to be his. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const confirmAddress = defineJob({
  type: 'confirm-address',
  lane: 'realtime',
  queue: 'notifications',
  description: 'Sends a code to the e-mail address that a user has given.',
  payload: z.object({ userId: z.string() }),
  priority: 'high',
  internal: true,
});

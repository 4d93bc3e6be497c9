/** Stands for a direct message that could not be delivered: succeeds after its job has, is cancelled when that was given up. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const holdThread = defineJob({
  type: 'hold-thread',
  lane: 'realtime',
  queue: 'direct',
  description: 'Waits for the job of a direct message that holds its thread up.',
  payload: z.object({ threadId: z.string(), seq: z.int().min(1) }),
  internal: true,
});

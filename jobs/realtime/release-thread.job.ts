/** Goes on with a thread in which a direct message could not be delivered, once that was retried or given up. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const releaseThread = defineJob({
  type: 'release-thread',
  lane: 'realtime',
  queue: 'direct',
  description: 'Delivers, in order, the direct messages that are parked behind one that could not be delivered.',
  payload: z.object({ threadId: z.string(), seq: z.int().min(1).describe('The message that held the thread up') }),
  priority: 'high',
  backoff: { kind: 'list', delaysMs: [100, 500, 2_000] },
  timeoutMs: 5 * 60_000,
  internal: true,
  /** Messages that are sent meanwhile wait behind it. */
  key: ({ threadId }) => `thread:${threadId}`,
});

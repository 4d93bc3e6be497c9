/** Pushes one direct message to the members of its thread: to the screens that are open, as a notification to the others. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const deliverDirectMessage = defineJob({
  type: 'deliver-direct-message',
  lane: 'realtime',
  queue: 'direct',
  description: 'Pushes a direct message to the members of its thread, after all earlier ones of the thread.',
  payload: z.object({ threadId: z.string(), seq: z.int().min(1) }),
  priority: 'high',
  budgetMs: 500,
  backoff: { kind: 'list', delaysMs: [100, 500, 2_000] },
  internal: true,
  key: ({ threadId }) => `thread:${threadId}`,
});

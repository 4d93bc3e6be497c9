/** Makes an operation: one change to many jobs. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const runOperationJob = defineJob({
  type: 'run-operation',
  lane: 'bulk',
  queue: 'operations',
  description: 'Redrives, discards or cancels many jobs, in pages and stages.',
  payload: z.object({ operationId: z.string() }),
  priority: 'high',
  // Its steps repeat harmlessly, and an operation that is given up would stand half done.
  maxAttempts: 100,
  backoff: { delayMs: 500, maxMs: 15_000 },
  timeoutMs: 2 * 60_000,
  internal: true,
});

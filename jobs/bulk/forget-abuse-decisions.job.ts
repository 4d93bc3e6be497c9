/** Forgets what the velocity rules have decided long ago, once a day. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const forgetAbuseDecisions = defineJob({
  type: 'forget-abuse-decisions',
  lane: 'bulk',
  queue: 'upkeep',
  description: 'Forgets decisions of the velocity rules that are older than 90 days.',
  payload: z.object({}),
  result: z.object({ forgotten: z.number() }),
  priority: 'low',
  internal: true,
});

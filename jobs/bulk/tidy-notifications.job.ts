/** Forgets old decisions and deliveries of notifications. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const tidyNotifications = defineJob({
  type: 'tidy-notifications',
  lane: 'bulk',
  queue: 'upkeep',
  description: 'Forgets decisions and deliveries of notifications after 30 days.',
  payload: z.object({}),
  priority: 'low',
  internal: true,
});

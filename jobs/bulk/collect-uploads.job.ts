/** Collects abandoned uploads, files that crashes left behind, and removals that were cut short. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

export const collectUploadsJob = defineJob({
  type: 'collect-uploads',
  lane: 'bulk',
  queue: 'upkeep',
  description: 'Removes uploads that nobody finished and what crashes left behind in the file store.',
  payload: z.object({}),
  priority: 'low',
  internal: true,
});

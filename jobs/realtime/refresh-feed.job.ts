/** Drops feeds whose owner follows other people than before; the next read rebuilds them from PostgreSQL. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';

export const refreshFeed = defineJob({
  type: 'refresh-feed',
  lane: 'realtime',
  queue: 'feed',
  description: 'Drops the stored feeds of users after a follow, an unfollow or a block.',
  payload: z.object({ userIds: z.array(z.string()).min(1).max(2) }),
  priority: 'high',
  internal: true,
});

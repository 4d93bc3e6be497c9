/** What the handlers share: the given parts, and the one live overview. */
import { z } from 'zod';
import { laneNames } from '../src/contract/words.ts';
import type { DashboardDeps } from './deps.ts';
import type { OverviewFeed } from './feed.ts';

export interface Services extends DashboardDeps {
  feed: OverviewFeed;
}

/** The parameters of every route about one job. */
export const jobParams = z.object({ id: z.string().regex(/^\d{1,20}$/, 'is no job id') });

/** The parameters of every route about one thing that only has a number: an alert, a silence, a channel, an operation. */
export const idParams = z.object({ id: z.string().regex(/^\d{1,19}$/, 'is no id') });

/** The parameters of every route about one worker process. */
export const workerParams = z.object({ id: z.string().regex(/^\d{1,9}$/, 'is no id of a worker') });

/** The parameters of every route about one queue. */
export const queueParams = z.object({ lane: z.enum(laneNames), queue: z.string().min(1).max(64) });

export const tag = 'Operator';

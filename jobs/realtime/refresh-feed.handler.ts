/** See `refresh-feed.job.ts`. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { refreshFeed } from './refresh-feed.job.ts';

export const refreshFeedHandler =
  (social: SocialServices): Handler<typeof refreshFeed> =>
  async ({ userIds }) =>
    social.feeds.forget(userIds);

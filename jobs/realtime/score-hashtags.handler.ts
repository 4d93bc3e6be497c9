/** See `score-hashtags.job.ts`. Counting twice changes nothing, so a batch that is run again is harmless. */
import type { BatchHandler } from '../../src/contract/batch.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { scoreHashtags } from './score-hashtags.job.ts';

export const scoreHashtagsHandler =
  (social: SocialServices): BatchHandler<typeof scoreHashtags> =>
  async (items) => {
    const posts = items.map(({ payload }) => payload);
    const inTime = await social.trends.count(posts, Date.now());
    return inTime.map((each) => ({ inTime: each }));
  };

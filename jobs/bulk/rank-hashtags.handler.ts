/** See `rank-hashtags.job.ts`. The new list replaces the old one together with the job's success. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { rankHashtags } from './rank-hashtags.job.ts';

export const rankHashtagsHandler =
  (social: SocialServices): Handler<typeof rankHashtags> =>
  async ({ at }, { settle }) => {
    const list = await social.trends.rank(at === undefined ? Date.now() : Date.parse(at));
    const result = { asOf: list.asOf, tags: list.items.length };
    await settle((tx) => social.trends.store.publish(tx, list), result);
    return result;
  };

/** See `deliver-feed-page.job.ts`. A repeated page changes nothing; its count is settled with the job. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { deliverFeedPage } from './deliver-feed-page.job.ts';

export const deliverFeedPageHandler =
  (social: SocialServices): Handler<typeof deliverFeedPage> =>
  async ({ walkId, postId, authorId, pass, after, through }, context) => {
    const followers = async () => {
      const ids = await social.follows.between(authorId, after, through);
      context.signal.throwIfAborted();
      return ids;
    };
    const feeds = await social.deliveries.carryOut(pass, followers, postId);
    await context.settle((tx) => social.fanOuts.pageDone(tx, walkId, feeds));
  };

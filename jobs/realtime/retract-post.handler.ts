/** See `retract-post.job.ts`. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import { deliverFeedPage } from './deliver-feed-page.job.ts';
import type { retractPost } from './retract-post.job.ts';

export const retractPostHandler =
  (social: SocialServices): Handler<typeof retractPost> =>
  async ({ postId, authorId }, context) => {
    const followers = await social.users.followerCount(authorId);
    await social.deliveries.carryOut('retract', [authorId], postId);
    await social.walks.run({ postId, authorId, followers, pass: 'retract', page: deliverFeedPage }, context);
  };

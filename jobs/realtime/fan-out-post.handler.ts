/** See `fan-out-post.job.ts`. Every step may be repeated: a crashed attempt goes on where its cursor stands. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import { deliverFeedPage } from './deliver-feed-page.job.ts';
import type { fanOutPost } from './fan-out-post.job.ts';
import { preprocessPost } from './preprocess-post.job.ts';

export const fanOutPostHandler =
  (social: SocialServices): Handler<typeof fanOutPost> =>
  async ({ postId, authorId }, context) => {
    if (!(await social.publishing.publish(postId))) return;
    await context.enqueue(preprocessPost, { postId }, { idempotencyKey: postId });
    if ((await social.feedPosts.placeOf(postId)) !== 'written') return;
    const followers = await social.users.followerCount(authorId);
    await social.deliveries.carryOut('deliver', [authorId], postId);
    await social.onlineFirst.deliver({ postId, authorId, followers }, context.signal);
    await social.walks.run({ postId, authorId, followers, pass: 'deliver', page: deliverFeedPage }, context);
  };

/** See `preprocess-post.job.ts`. One read for the batch; the next node's jobs commit together with its success. */
import type { BatchHandler } from '../../src/contract/batch.ts';
import { NonRetryableError } from '../../src/contract/errors.ts';
import type { SocialServices } from '../../src/social/services.ts';
import { parsePost } from './parse-post.job.ts';
import type { preprocessPost } from './preprocess-post.job.ts';

export const preprocessPostHandler =
  (social: SocialServices): BatchHandler<typeof preprocessPost> =>
  async (items, batch) => {
    const posts = await social.trends.store.prepare(
      items.map(({ payload }) => payload.postId),
      Date.now(),
    );
    const known = new Set(posts.map(({ postId }) => postId));
    for (const item of items)
      if (!known.has(item.payload.postId))
        batch.fail(item, new NonRetryableError('There is no such post', { code: 'no_such_post' }));
    const { traceparent } = items[0]?.context ?? {};
    await batch.settle((tx) =>
      social.followUps
        .enqueueIn(
          tx,
          posts.map((post) => ({ job: parsePost, payload: post, options: { traceparent } })),
        )
        .then(() => undefined),
    );
  };

/** See `parse-post.job.ts`. */
import type { BatchHandler } from '../../src/contract/batch.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { parsePost } from './parse-post.job.ts';
import { scoreHashtags } from './score-hashtags.job.ts';

export const parsePostHandler =
  (social: SocialServices): BatchHandler<typeof parsePost> =>
  async (items, batch) => {
    const results = items.map(({ payload }) => social.trends.parse(payload));
    const tagged = items.flatMap(({ payload: { authorId, at }, context: { traceparent } }, index) => {
      const tags = results[index]?.tags ?? [];
      return tags.length > 0 ? [{ job: scoreHashtags, payload: { authorId, at, tags }, options: { traceparent } }] : [];
    });
    await batch.settle(async (tx) => {
      if (tagged.length > 0) await social.followUps.enqueueIn(tx, tagged);
    }, results);
  };

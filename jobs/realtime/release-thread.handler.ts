/** See `release-thread.job.ts`. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { releaseThread } from './release-thread.job.ts';

export const releaseThreadHandler =
  (social: SocialServices): Handler<typeof releaseThread> =>
  async (held, context) =>
    social.direct.delivery.release(held, context);

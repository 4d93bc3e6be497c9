/** See `tidy-notifications.job.ts`. In small pieces, so that nothing is locked for long. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { tidyNotifications } from './tidy-notifications.job.ts';

const piece = 5_000;

export const tidyNotificationsHandler =
  (social: SocialServices): Handler<typeof tidyNotifications> =>
  async (_payload, { signal }) => {
    do signal.throwIfAborted();
    while ((await social.notifications.tidying.forget(piece)) >= piece);
  };

/** See `announce-notification.job.ts`. The announcement and the job's success are one transaction. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { announceNotification } from './announce-notification.job.ts';

export const announceNotificationHandler =
  (social: SocialServices): Handler<typeof announceNotification> =>
  async (due, context) =>
    social.notifications.announcing.release(due, context);

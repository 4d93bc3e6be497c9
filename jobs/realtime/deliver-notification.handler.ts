/** See `deliver-notification.job.ts`. What became of the delivery and the job's success are one transaction. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { deliverNotification } from './deliver-notification.job.ts';

export const deliverNotificationHandler =
  (social: SocialServices): Handler<typeof deliverNotification> =>
  async ({ deliveryId }, context) =>
    social.notifications.delivering.deliver(deliveryId, context);

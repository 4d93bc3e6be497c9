/** See `deliver-direct-message.job.ts`. The inboxes and the job's success are one transaction, so nobody gets a message twice. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { deliverDirectMessage } from './deliver-direct-message.job.ts';

export const deliverDirectMessageHandler =
  (social: SocialServices): Handler<typeof deliverDirectMessage> =>
  async (message, context) =>
    social.direct.delivery.deliver(message, context);

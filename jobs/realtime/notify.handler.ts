/** See `notify.job.ts`. The list, the decision and the job's success are one transaction, so an actor counts exactly once. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { notify } from './notify.job.ts';

export const notifyHandler =
  (social: SocialServices): Handler<typeof notify> =>
  async (event, context) =>
    social.notifications.announcing.hear(event, context);

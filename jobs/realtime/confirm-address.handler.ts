/** See `confirm-address.job.ts`. A repeated attempt sends a new code; the last one counts. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { confirmAddress } from './confirm-address.job.ts';

export const confirmAddressHandler =
  (social: SocialServices): Handler<typeof confirmAddress> =>
  async ({ userId }) =>
    social.notifications.addresses.sendCode(userId);

/** See `hide-account.job.ts`. May be repeated: what is gone is not found again. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { hideAccount } from './hide-account.job.ts';

export const hideAccountHandler =
  (social: SocialServices): Handler<typeof hideAccount> =>
  async (account, { signal }) =>
    social.privacy.hide(account, signal);

/** See `forget-abuse-decisions.job.ts`. In slices, so that no statement holds many rows. */
import type { Handler } from '../../src/contract/handler.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { forgetAbuseDecisions } from './forget-abuse-decisions.job.ts';

export const forgetAbuseDecisionsHandler =
  ({ abuse }: SocialServices): Handler<typeof forgetAbuseDecisions> =>
  async (_payload, { signal }) => {
    let forgotten = 0;
    for (;;) {
      signal.throwIfAborted();
      const slice = await abuse.forgetOld();
      forgotten += slice;
      if (slice === 0) return { forgotten };
    }
  };

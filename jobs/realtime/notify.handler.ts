/** See `notify.job.ts`. The lists, the decisions and the jobs' success are one transaction, so an actor counts exactly once. */
import type { BatchHandler } from '../../src/contract/batch.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { notify } from './notify.job.ts';

export const notifyHandler =
  (social: SocialServices): BatchHandler<typeof notify> =>
  async (items, batch) => {
    const events = items.map(({ payload, context }) => ({ event: payload, traceparent: context.traceparent }));
    await social.notifications.announcing.hear(events, (effect) => batch.settle(effect));
  };

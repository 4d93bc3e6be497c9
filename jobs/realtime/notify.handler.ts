/**
 * See `notify.job.ts`. The lists, the decisions and the jobs' success are one transaction, so an actor counts exactly once. Where
 * an event can't be heard its job fails alone, and the others are heard without it.
 */
import type { BatchHandler } from '../../src/contract/batch.ts';
import { FencedError, OverloadedError } from '../../src/contract/errors.ts';
import type { SocialServices } from '../../src/social/services.ts';
import type { notify } from './notify.job.ts';

export const notifyHandler =
  (social: SocialServices): BatchHandler<typeof notify> =>
  async (items, batch) => {
    const { announcing, blame } = social.notifications;
    const events = items.map(({ payload, context }) => ({ event: payload, traceparent: context.traceparent }));
    const hear = (heard: typeof events) => announcing.hear(heard, (effect) => batch.settle(effect));
    try {
      await hear(events);
    } catch (error) {
      if (items.length === 1 || error instanceof FencedError || error instanceof OverloadedError) throw error;
      const blamed = await blame(events);
      if (blamed.size === 0) throw error;
      for (const [index, event] of events.entries())
        if (blamed.has(event)) batch.fail(items[index] as (typeof items)[number], blamed.get(event));
      const others = events.filter((event) => !blamed.has(event));
      if (others.length > 0) await hear(others);
    }
  };

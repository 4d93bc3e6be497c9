/** Sends one delivery: what the handler of `deliver-notification` calls. */
import { deliverNotification } from '../../../jobs/realtime/deliver-notification.job.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import { TwolaneError } from '../../contract/errors.ts';
import type { JobContext } from '../../contract/handler.ts';
import type { Channel, Outcome } from './channels/channel.ts';
import type { DeliveryRecord } from './decisions.ts';
import type { Delivery, DeliveryStore } from './deliveries.ts';
import type { TargetStore } from './targets.ts';

type DeliveryTarget = NonNullable<Delivery['target']>;
type DeliveringContext = Pick<JobContext<void>, 'settle' | 'signal' | 'attempt' | 'maxAttempts' | 'traceparent'>;

export interface DeliveringParts {
  deliveries: DeliveryStore;
  targets: TargetStore;
  channels: readonly Channel[];
  followUps: Enqueuer;
}

/** What is older is news no more, seconds. */
const freshS = 24 * 60 * 60;
/** A destination that asks for a longer break is asked again after this, milliseconds. */
const longestPauseMs = 6 * 60 * 60_000;

export class Delivering {
  readonly #parts: DeliveringParts;

  constructor(parts: DeliveringParts) {
    this.#parts = parts;
  }

  /** @throws TwolaneError `not_delivered` and others for what another attempt may mend. */
  async deliver(id: string, context: DeliveringContext): Promise<void> {
    const { deliveries, channels } = this.#parts;
    const delivery = await deliveries.pending(id);
    if (!delivery) return;
    const { target, pausedUntil } = delivery;
    const channel = channels.find(({ name }) => name === delivery.channel);
    const end = (state: DeliveryRecord['state'], detail: string) =>
      context.settle((tx) => deliveries.settle(tx, id, state, detail));
    if (!target) return end('skipped', 'the address was taken away');
    if (!channel) return end('skipped', 'this installation has no such channel any more');
    if (delivery.ageS > freshS) return end('expired', 'it was not delivered within a day');
    if (pausedUntil) return this.#postpone(id, target, pausedUntil, context);
    try {
      const { signal } = context;
      const outcome = await channel.send({ deliveryId: id, target, message: delivery.message, signal });
      await this.#note(id, target, outcome, context);
    } catch (error) {
      await this.#noteFailure(id, error, context);
      throw error;
    }
  }

  async #note(id: string, target: DeliveryTarget, outcome: Outcome, context: DeliveringContext): Promise<void> {
    const { deliveries, targets } = this.#parts;
    if (outcome.is === 'busy') {
      const until = await deliveries.pause(target.destination, Math.min(outcome.afterMs, longestPauseMs));
      return this.#postpone(id, target, until, context);
    }
    await context.settle(async (tx) => {
      await deliveries.settle(tx, id, outcome.is, 'detail' in outcome ? outcome.detail : null);
      if (outcome.is === 'gone') await targets.removeDead(tx, target.id);
    });
  }

  /** A job of its own goes on then: a break is no failed attempt, and holds no slot. */
  async #postpone(id: string, { destination }: DeliveryTarget, until: Date, context: DeliveringContext): Promise<void> {
    const { traceparent, settle } = context;
    const options = { key: destination, runAt: until, traceparent };
    await settle(async (tx) => {
      await this.#parts.followUps.enqueueIn(tx, [{ job: deliverNotification, payload: { deliveryId: id }, options }]);
    });
  }

  /** After the last attempt the reason is told; aborted attempts are made again. */
  async #noteFailure(id: string, error: unknown, { attempt, maxAttempts, signal }: DeliveringContext): Promise<void> {
    if (signal.aborted || attempt < maxAttempts) return;
    const detail = error instanceof TwolaneError ? error.message : 'the connection failed';
    await this.#parts.deliveries.giveUp(id, detail);
  }
}

/** See `deliver-webhook.job.ts`. The record of the delivery and the job's success are one transaction. */
import type { JobContext } from '../../src/contract/handler.ts';
import type { WebhookDeliverer } from '../../src/webhooks/index.ts';

export const deliverWebhookHandler =
  (webhooks: WebhookDeliverer) =>
  ({ deliveryId }: { deliveryId: string }, context: JobContext<void>): Promise<void> =>
    webhooks.deliver(deliveryId, context);

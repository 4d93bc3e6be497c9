/** Sends one event to one webhook. */
import { z } from 'zod';
import { defineJob } from '../../src/contract/define-job.ts';
import type { JobOptions } from '../../src/contract/job.ts';

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

const shared = {
  lane: 'realtime' as const,
  queue: 'webhooks',
  payload: z.object({ deliveryId: z.string() }),
  // The schedule of Standard Webhooks: ten attempts over three days and a half.
  backoff: {
    kind: 'list',
    delaysMs: [
      ...[5 * seconds, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours],
      ...[10 * hours, 14 * hours, 20 * hours, 24 * hours],
    ],
  },
  timeoutMs: 30 * seconds,
  internal: true,
} satisfies Partial<JobOptions<z.ZodType, z.ZodVoid>>;

export const deliverWebhook = defineJob({
  ...shared,
  type: 'deliver-webhook',
  description: 'Sends one event to one webhook.',
  // By webhook: a slow receiver must not take the slots of all others.
  limits: { perKey: { concurrency: 8 } },
});

export const deliverWebhookInOrder = defineJob({
  ...shared,
  type: 'deliver-webhook-in-order',
  description: 'Sends one event to a webhook that wants its events one after another.',
});

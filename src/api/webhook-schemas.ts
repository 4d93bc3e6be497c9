/** The shapes of webhooks on the wire. */
import { z } from 'zod';
import { idSchema } from '../http/page.ts';

const time = z.iso.datetime();

export function webhookFields(events: readonly string[]) {
  return {
    url: z.string().max(2_000).describe('`https:`, unless TWOLANE_OUTGOING_ALLOW names its host or network.'),
    events: z
      .array(z.enum(events as [string, ...string[]]))
      .min(1)
      .max(events.length)
      .describe('What it hears of.'),
    jobTypes: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(100)
      .nullable()
      .describe('Job events of these types only. Null: of all types but internal ones.'),
    ordered: z
      .boolean()
      .describe('One delivery after another: one that fails holds the later ones back until its retries are over.'),
  };
}

export const webhookSchema = z
  .object({
    id: idSchema,
    url: z.string(),
    events: z.array(z.string()),
    jobTypes: z.array(z.string()).nullable(),
    ordered: z.boolean(),
    tenant: z.string().nullable().describe('It hears of this tenant only; null: of all.'),
    enabled: z.boolean(),
    disabled: z
      .object({ at: time, reason: z.enum(['gone', 'failing', 'requested']) })
      .nullable()
      .describe('`gone`: the receiver answered 410. `failing`: nothing went well for too long.'),
    failures: z.int().describe('Failed attempts since the last one that went well.'),
    createdAt: time,
  })
  .meta({ id: 'Webhook' });

export const secretField = z.string().describe('`whsec_…`, shown once.');

export const deliverySchema = z
  .object({
    id: idSchema,
    webhookId: z.string().nullable().describe('The header `webhook-id`; null for a notice.'),
    event: z.string(),
    state: z.enum(['pending', 'delivered', 'failed', 'skipped', 'notice']),
    detail: z.string().nullable(),
    jobId: idSchema.nullable(),
    createdAt: time,
    attempts: z.array(
      z.object({
        at: time,
        durationMs: z.int(),
        status: z.int().nullable().describe('Of the answer; null when none came.'),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

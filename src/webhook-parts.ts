/** Webhooks put together: the service of the API, the sending of its handlers, and the scheduler's step. */
import { type Catalog, platformEvents, TwolaneError, type Webhooks } from './contract/index.ts';
import type { JobDefinition } from './contract/job.ts';
import type { Core } from './core.ts';
import type { Outgoing } from './outgoing/index.ts';
import { handOverEvents, type WebhookDeliverer, webhookDeliverer, webhookService } from './webhooks/index.ts';

export interface WebhookParts {
  service: Webhooks;
  deliverer: WebhookDeliverer;
  /** Takes events from the outbox; nothing to do without the job types that deliver them. */
  handOver(): Promise<void>;
}

/** @param events those that a product adds. */
export function createWebhookParts(
  core: Core,
  parts: { outgoing: Outgoing; catalog: Catalog; events: readonly string[] },
): WebhookParts {
  const { config, database, followUps: enqueuer, logger } = core;
  const { outgoing, catalog } = parts;
  const jobs = {
    get any() {
      return jobOf(catalog, 'deliver-webhook');
    },
    get inOrder() {
      return jobOf(catalog, 'deliver-webhook-in-order');
    },
  };
  const shared = { database, enqueuer, jobs };
  return {
    service: webhookService({ ...shared, outgoing, events: [...platformEvents, ...parts.events] }),
    deliverer: webhookDeliverer({
      database,
      outgoing,
      patience: { ms: config.TWOLANE_WEBHOOK_PATIENCE_MS, failures: config.TWOLANE_WEBHOOK_FAILURES },
      timeoutMs: config.TWOLANE_WEBHOOK_TIMEOUT_MS,
      logger,
    }),
    async handOver() {
      if ('deliver-webhook' in catalog) await handOverEvents(shared);
    },
  };
}

function jobOf(catalog: Catalog, type: string): JobDefinition {
  const definition = catalog[type];
  if (definition) return definition;
  throw new TwolaneError('no_webhook_jobs', `Webhooks need the job type ${type} in the catalog`);
}

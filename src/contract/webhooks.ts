/** Webhooks: how a product hears of what happened, by Standard Webhooks. The port of the API, of handlers, and of products with events of their own. */
import type { Queryable } from './database.ts';
import type { Page, PageRequest } from './page.ts';
import type { JsonObject } from './words.ts';

/** The events of the platform; a product may add its own. */
export const platformEvents = [
  'job.succeeded',
  'job.dead',
  'job.cancelled',
  'media.ready',
  'media.failed',
  'operation.finished',
] as const;

/** What a webhook hears of. */
export interface WebhookSettings {
  url: string;
  events: readonly string[];
  /** Job events of these types only; null: of all types but internal ones. */
  jobTypes: readonly string[] | null;
  /** Deliveries follow each other strictly, so one that fails holds the later ones back until its retries are over. */
  ordered: boolean;
}

export interface Webhook extends WebhookSettings {
  id: string;
  /** It hears of this tenant only; null: of all. */
  tenant: string | null;
  enabled: boolean;
  /** `gone`: the receiver answered 410. `failing`: nothing went well for too long. `requested`: by a call. */
  disabled: { at: string; reason: 'gone' | 'failing' | 'requested' } | null;
  /** Failed attempts since the last one that went well. */
  failures: number;
  createdAt: string;
}

/** One try at a delivery. */
export interface WebhookAttempt {
  at: string;
  durationMs: number;
  /** Of the answer; null when none came. */
  status: number | null;
  error: string | null;
}

/** One event on its way to one webhook, or a notice of the platform about the webhook itself. */
export interface WebhookDelivery {
  id: string;
  /** The header `webhook-id`: the same for every delivery of one event. Null for a notice. */
  webhookId: string | null;
  event: string;
  state: 'pending' | 'delivered' | 'failed' | 'skipped' | 'notice';
  /** Why it is in that state, where the state does not say. */
  detail: string | null;
  /** The job that sends it, or sent it last. */
  jobId: string | null;
  createdAt: string;
  attempts: WebhookAttempt[];
}

/** What the API does with webhooks. `tenant` is the caller's: undefined sees all. Unknown ids answer undefined or false. */
export interface Webhooks {
  /** What may be listened to here. */
  readonly events: readonly string[];
  /** Throws TwolaneError `url_refused`. The secret is told here and never again. */
  create(settings: WebhookSettings & { tenant: string | null }): Promise<{ webhook: Webhook; secret: string }>;
  list(tenant: string | undefined, page: PageRequest): Promise<Page<Webhook>>;
  get(id: string, tenant: string | undefined): Promise<Webhook | undefined>;
  /** Throws TwolaneError `url_refused`. Enabling it anew forgets its failures. */
  change(
    id: string,
    tenant: string | undefined,
    changes: Partial<WebhookSettings & { enabled: boolean }>,
  ): Promise<Webhook | undefined>;
  remove(id: string, tenant: string | undefined): Promise<boolean>;
  /** A new secret; those before it sign along for `overlapS` seconds. */
  rotate(id: string, tenant: string | undefined, overlapS: number): Promise<string | undefined>;
  /** Sends an event `webhook.test`, whatever the webhook listens to. */
  test(id: string, tenant: string | undefined): Promise<WebhookDelivery | undefined>;
  /** The newest first. */
  deliveries(id: string, tenant: string | undefined, page: PageRequest): Promise<Page<WebhookDelivery> | undefined>;
  /** Sends a delivery once more, with all its retries, under the same `webhook-id`. Throws ConflictError for a notice. */
  redeliver(id: string, tenant: string | undefined, deliveryId: string): Promise<WebhookDelivery | undefined>;
}

/** Lets a product tell its events in the transaction that makes them true. */
export interface EventOutbox {
  /** @param data what receivers are told: ids and states, nothing that they could not read themselves. */
  tell(tx: Queryable, event: string, data: JsonObject): Promise<void>;
}

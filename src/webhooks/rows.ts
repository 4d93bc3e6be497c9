/** From rows of the tables of webhooks to what the API shows. */
import type { Webhook, WebhookAttempt, WebhookDelivery } from '../contract/index.ts';

/** As `pg` gives it: 64-bit numbers are decimal strings. */
export interface WebhookRow {
  id: string;
  tenant: string | null;
  url: string;
  events: string[];
  job_types: string[] | null;
  ordered: boolean;
  enabled: boolean;
  disabled_at: Date | null;
  disabled_reason: 'gone' | 'failing' | 'requested' | null;
  failures: number;
  created_at: Date;
}

export interface DeliveryRow {
  id: string;
  event_id: string;
  event: string;
  state: WebhookDelivery['state'];
  detail: string | null;
  job_id: string | null;
  created_at: Date;
  attempts: { at: string; duration_ms: number; status: number | null; error: string | null }[];
}

export const webhookColumns =
  'id, tenant, url, events, job_types, ordered, enabled, disabled_at, disabled_reason, failures, created_at';

export const deliveryColumns = `d.id, d.event_id, d.event, d.state, d.detail, d.job_id, d.created_at, array(
  select json_build_object('at', a.at, 'duration_ms', a.duration_ms, 'status', a.status, 'error', a.error)
  from twolane.webhook_attempts a where a.delivery_id = d.id order by a.id) as attempts`;

export function toWebhook(row: WebhookRow): Webhook {
  const { id, tenant, url, events, ordered, enabled, failures } = row;
  return {
    id,
    tenant,
    url,
    events,
    jobTypes: row.job_types,
    ordered,
    enabled,
    disabled:
      row.disabled_at && row.disabled_reason
        ? { at: row.disabled_at.toISOString(), reason: row.disabled_reason }
        : null,
    failures,
    createdAt: row.created_at.toISOString(),
  };
}

export function toDelivery(row: DeliveryRow): WebhookDelivery {
  const { id, event, state, detail } = row;
  return {
    id,
    webhookId: state === 'notice' ? null : idOfEvent(row.event_id),
    event,
    state,
    detail,
    jobId: row.job_id,
    createdAt: row.created_at.toISOString(),
    attempts: row.attempts.map(toAttempt),
  };
}

/** The value of the header `webhook-id`. */
export function idOfEvent(eventId: string): string {
  return `evt_${eventId.replaceAll('-', '')}`;
}

function toAttempt({ at, duration_ms, status, error }: DeliveryRow['attempts'][number]): WebhookAttempt {
  return { at: new Date(at).toISOString(), durationMs: duration_ms, status, error };
}

/** Statements on deliveries and their attempts. */
import type { Queryable, WebhookAttempt, WebhookDelivery } from '../contract/index.ts';
import { type DeliveryRow, deliveryColumns, toDelivery } from './rows.ts';

/** All that sending one delivery needs. */
export interface Sendable {
  webhook_id: string;
  event_id: string;
  event: string;
  body: string | null;
  state: WebhookDelivery['state'];
  url: string;
  enabled: boolean;
  /** Those in use, the newest first. */
  secrets: string[];
}

/** Undefined when its webhook was deleted. */
export async function readSendable(db: Queryable, id: string): Promise<Sendable | undefined> {
  const { rows } = await db.query<Sendable>(
    `select d.webhook_id, d.event_id, d.event, d.body, d.state, w.url, w.enabled, array(
       select s.secret from twolane.webhook_secrets s
       where s.webhook_id = w.id and (s.expires_at is null or s.expires_at > now()) order by s.id desc) as secrets
     from twolane.webhook_deliveries d join twolane.webhooks w on w.id = d.webhook_id where d.id = $1`,
    [id],
  );
  return rows[0];
}

/** Makes a delivery of a body that is not from the outbox. */
export async function insertDelivery(tx: Queryable, webhookId: string, event: string, data: object): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into twolane.webhook_deliveries (webhook_id, event_id, event, body, state)
     values ($1, gen_random_uuid(), $2, twolane.event_body($2, now(), $3), 'pending') returning id`,
    [webhookId, event, JSON.stringify(data)],
  );
  return (rows[0] as { id: string }).id;
}

export async function insertAttempt(tx: Queryable, deliveryId: string, attempt: WebhookAttempt): Promise<void> {
  // A delivery that went with its webhook meanwhile keeps no log.
  await tx.query(
    `insert into twolane.webhook_attempts (delivery_id, at, duration_ms, status, error)
     select id, $2, $3, $4, $5 from twolane.webhook_deliveries where id = $1`,
    [deliveryId, attempt.at, attempt.durationMs, attempt.status, attempt.error],
  );
}

export async function setDeliveryState(
  tx: Queryable,
  id: string,
  state: WebhookDelivery['state'],
  detail: string | null = null,
): Promise<void> {
  await tx.query('update twolane.webhook_deliveries set state = $2, detail = $3 where id = $1', [id, state, detail]);
}

/** Says which jobs send the deliveries. */
export async function setJobs(tx: Queryable, pairs: readonly { deliveryId: string; jobId: string }[]): Promise<void> {
  await tx.query(
    `update twolane.webhook_deliveries d set state = 'pending', detail = null, job_id = x.job
     from unnest($1::bigint[], $2::bigint[]) x(id, job) where d.id = x.id`,
    [pairs.map((pair) => pair.deliveryId), pairs.map((pair) => pair.jobId)],
  );
}

export async function findDelivery(db: Queryable, webhookId: string, id: string): Promise<WebhookDelivery | undefined> {
  const text = `select ${deliveryColumns} from twolane.webhook_deliveries d where d.id = $1 and d.webhook_id = $2`;
  const { rows } = await db.query<DeliveryRow>(text, [id, webhookId]);
  return rows[0] && toDelivery(rows[0]);
}

/** The newest first, those before the id `before`. */
export async function listDeliveries(
  db: Queryable,
  webhookId: string,
  before: string | undefined,
  limit: number,
): Promise<WebhookDelivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${deliveryColumns} from twolane.webhook_deliveries d
     where d.webhook_id = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
    [webhookId, before ?? null, limit],
  );
  return rows.map(toDelivery);
}

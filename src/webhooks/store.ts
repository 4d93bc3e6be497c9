/** Statements on webhooks and their secrets. Every one that is made for a caller sees only what is of the caller's tenant. */
import type { Queryable, Webhook, WebhookSettings } from '../contract/index.ts';
import { toWebhook, type WebhookRow, webhookColumns } from './rows.ts';

type Changes = Partial<WebhookSettings & { enabled: boolean }>;

const mine = 'id = $1 and ($2::text is null or tenant = $2)';

export async function insertWebhook(
  tx: Queryable,
  settings: WebhookSettings & { tenant: string | null },
  secret: string,
) {
  const { url, events, jobTypes, ordered, tenant } = settings;
  const { rows } = await tx.query<WebhookRow>(
    `insert into twolane.webhooks (url, events, job_types, ordered, tenant) values ($1, $2, $3, $4, $5)
     returning ${webhookColumns}`,
    [url, events, jobTypes, ordered, tenant],
  );
  const webhook = toWebhook(rows[0] as WebhookRow);
  await insertSecret(tx, webhook.id, secret);
  return webhook;
}

export async function insertSecret(tx: Queryable, id: string, secret: string): Promise<void> {
  await tx.query('insert into twolane.webhook_secrets (webhook_id, secret) values ($1, $2)', [id, secret]);
}

/** Gives the secrets in use an end, and forgets those whose end has come. */
export async function endSecrets(tx: Queryable, id: string, overlapS: number): Promise<void> {
  await tx.query('delete from twolane.webhook_secrets where webhook_id = $1 and expires_at <= now()', [id]);
  await tx.query(
    `update twolane.webhook_secrets set expires_at = least(expires_at, now() + make_interval(secs => $2))
     where webhook_id = $1`,
    [id, overlapS],
  );
}

export async function findWebhook(db: Queryable, id: string, tenant: string | undefined): Promise<Webhook | undefined> {
  const text = `select ${webhookColumns} from twolane.webhooks where ${mine}`;
  const { rows } = await db.query<WebhookRow>(text, [id, tenant ?? null]);
  return rows[0] && toWebhook(rows[0]);
}

/** The newest first, those before the id `before`. */
export async function listWebhooks(
  db: Queryable,
  tenant: string | undefined,
  before: string | undefined,
  limit: number,
): Promise<Webhook[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${webhookColumns} from twolane.webhooks
     where ($1::text is null or tenant = $1) and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [tenant ?? null, before ?? null, limit],
  );
  return rows.map(toWebhook);
}

export async function updateWebhook(db: Queryable, id: string, tenant: string | undefined, changes: Changes) {
  const { url, events, jobTypes, ordered, enabled } = changes;
  const { rows } = await db.query<WebhookRow>(
    `update twolane.webhooks set url = coalesce($3, url), events = coalesce($4, events),
       job_types = case when $5 then $6 else job_types end, ordered = coalesce($7, ordered),
       enabled = coalesce($8, enabled),
       disabled_at = case when $8 then null when not $8 then coalesce(disabled_at, now()) else disabled_at end,
       disabled_reason = case when $8 then null when not $8 then coalesce(disabled_reason, 'requested')
         else disabled_reason end,
       failures = case when $8 then 0 else failures end, failing_since = case when $8 then null else failing_since end
     where ${mine} returning ${webhookColumns}`,
    [id, tenant ?? null, url, events, jobTypes !== undefined, jobTypes ?? null, ordered, enabled],
  );
  return rows[0] && toWebhook(rows[0]);
}

export async function deleteWebhook(db: Queryable, id: string, tenant: string | undefined): Promise<boolean> {
  const { rowCount } = await db.query(`delete from twolane.webhooks where ${mine}`, [id, tenant ?? null]);
  return rowCount === 1;
}

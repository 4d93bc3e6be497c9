/** How a webhook fares: attempts that fail are counted, and one that only fails is disabled, with a notice in its log. */
import type { Queryable } from '../contract/index.ts';

/** A webhook is disabled when nothing went well for `ms` milliseconds and at least `failures` attempts failed. */
export interface Patience {
  ms: number;
  failures: number;
}

/** What went well ends the count. */
export async function noteSuccess(tx: Queryable, webhookId: string): Promise<void> {
  await tx.query(
    'update twolane.webhooks set failures = 0, failing_since = null where id = $1 and failing_since is not null',
    [webhookId],
  );
}

/**
 * Counts a failed attempt. `gone`: the receiver wants no more, ever.
 * @returns why the webhook was disabled by it, undefined when it was not.
 */
export async function noteFailure(tx: Queryable, webhookId: string, patience: Patience, gone: boolean) {
  const { rows } = await tx.query<{ failing: boolean }>(
    `update twolane.webhooks set failures = failures + 1, failing_since = coalesce(failing_since, now())
     where id = $1 and enabled
     returning failures >= $2 and failing_since <= now() - $3 * interval '1 ms' as failing`,
    [webhookId, patience.failures, patience.ms],
  );
  const reason = gone ? 'gone' : 'failing';
  if (!rows[0] || !(gone || rows[0].failing)) return undefined;
  await tx.query(
    'update twolane.webhooks set enabled = false, disabled_at = now(), disabled_reason = $2 where id = $1',
    [webhookId, reason],
  );
  await tx.query(
    `insert into twolane.webhook_deliveries (webhook_id, event_id, event, state, detail)
     values ($1, gen_random_uuid(), 'webhook.disabled', 'notice', $2)`,
    [webhookId, notices[reason]],
  );
  return reason;
}

const notices = {
  gone: 'The receiver answered 410 Gone. Set `enabled` to true to start again.',
  failing: 'No attempt went well for too long. Mend the receiver and set `enabled` to true to start again.',
} as const;

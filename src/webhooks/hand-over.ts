/** From the outbox to the lanes: every event becomes a delivery and a job for each webhook that listens. */
import type { EnqueueItem, Enqueuer, JobDefinition, Queryable, Transactional } from '../contract/index.ts';
import { setJobs } from './deliveries.ts';

export interface HandOverParts {
  database: Transactional;
  enqueuer: Enqueuer;
  jobs: DeliveryJobs;
}

/** The job types that send: in any order, and one after another. Payload `{deliveryId}`. */
export interface DeliveryJobs {
  any: JobDefinition;
  inOrder: JobDefinition;
}

interface Taken {
  taken: number;
  delivery_id: string | null;
  webhook_id: string | null;
  ordered: boolean | null;
}

/** Events in one transaction. */
const most = 500;

/** Empties the outbox. Any number of processes may do it at once. */
export async function handOverEvents(parts: HandOverParts): Promise<void> {
  for (let taken = most; taken === most; ) {
    taken = await parts.database.transaction(async (tx) => {
      const { rows } = await tx.query<Taken>('select * from twolane.take_webhook_events($1)', [most]);
      const made = rows.flatMap(({ delivery_id, webhook_id, ordered }) =>
        delivery_id && webhook_id ? [{ id: delivery_id, webhookId: webhook_id, ordered: ordered === true }] : [],
      );
      await enqueueDeliveries(tx, parts, made);
      return rows[0]?.taken ?? 0;
    });
  }
}

/** Enqueues the jobs of deliveries that were just made, in the same transaction. */
export async function enqueueDeliveries(
  tx: Queryable,
  { enqueuer, jobs }: Pick<HandOverParts, 'enqueuer' | 'jobs'>,
  deliveries: readonly { id: string; webhookId: string; ordered: boolean }[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const items = deliveries.map(({ id, webhookId, ordered }): EnqueueItem => {
    // Webhooks take turns, as tenants do; the key limits how many slots one of them holds, or keeps its order.
    const lane = `webhook:${webhookId}`;
    return {
      job: ordered ? jobs.inOrder : jobs.any,
      payload: { deliveryId: id },
      options: { key: lane, tenant: lane },
    };
  });
  const enqueued = await enqueuer.enqueueIn(tx, items);
  const pairs = enqueued.map((job, at) => ({ deliveryId: (deliveries[at] as { id: string }).id, jobId: job.id }));
  await setJobs(tx, pairs);
}

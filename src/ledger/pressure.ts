/** Back-pressure as the ledger keeps it: one verdict per queue, weighed by its dispatcher and read by all who enqueue. */
import type { LaneName, Queryable, QueuePath, RefusalCode } from '../contract/index.ts';

export interface PressureLimits {
  /** Age of the oldest waiting job, milliseconds; undefined: no limit. An operator's word for a queue goes first. */
  maxAgeMs: Readonly<Record<LaneName, number | undefined>>;
  /** Size of the whole database; undefined: no limit. */
  maxBytes: number | undefined;
}

/** Weighs the queues that this process dispatches. Answers those that began or ceased to refuse. */
export async function weighQueues(
  database: Queryable,
  queues: readonly QueuePath[],
  { maxAgeMs, maxBytes }: PressureLimits,
): Promise<{ queue: QueuePath; refuses: RefusalCode | null }[]> {
  const { rows } = await database.query<{ queue: QueuePath; refuses: RefusalCode | null }>(
    'select * from twolane.weigh_queues($1, $2, $3)',
    [queues, JSON.stringify(maxAgeMs), maxBytes ?? null],
  );
  return rows;
}

export async function setMaxAge(database: Queryable, queue: QueuePath, maxAgeMs: number | null): Promise<void> {
  await database.query(
    'insert into twolane.queues (queue, max_age_ms) values ($1, $2) on conflict (queue) do update set max_age_ms = $2',
    [queue, maxAgeMs],
  );
}

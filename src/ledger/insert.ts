/** Writes new jobs, a batch in one round trip. */
import { type InsertedJob, type NewJob, priorities, type Queryable } from '../contract/index.ts';

/**
 * Inserts jobs through `database`, which may be somebody's transaction.
 * @param direct the caller will publish those that come back as `queued`; false leaves all to the dispatcher.
 */
export async function insertJobs(
  database: Queryable,
  jobs: readonly NewJob[],
  { direct, shard }: { direct: boolean; shard: number },
): Promise<InsertedJob[]> {
  const { rows } = await database.query<InsertedJob>(
    'select id, state, deduplicated from twolane.enqueue($1, $2, $3)',
    [JSON.stringify(jobs.map(toRow)), direct, shard],
  );
  return rows;
}

function toRow(job: NewJob) {
  return {
    type: job.type,
    version: job.version,
    queue: job.queue,
    prio: priorities.indexOf(job.priority),
    key: job.key,
    tenant: job.tenant ?? '',
    owner: job.owner,
    payload: job.payload,
    metadata: job.metadata,
    max_attempts: job.maxAttempts,
    timeout_ms: job.timeoutMs,
    delay_ms: job.delayMs,
    run_at: job.runAt,
    expires_at: job.expiresAt,
    idempotency_key: job.idempotencyKey,
    parent_id: job.parentId,
    waits_for: job.waitFor?.length ? job.waitFor : undefined,
    traceparent: job.traceparent,
  };
}

/** Writes new jobs, a batch in one round trip. */
import { type InsertedJob, type JobState, type NewJob, priorities, type Queryable } from '../contract/index.ts';

/**
 * Inserts jobs through `database`, which may be somebody's transaction.
 * @param direct the caller will publish those that come back as `queued`; false leaves all to the dispatcher.
 */
export async function insertJobs(
  database: Queryable,
  jobs: readonly NewJob[],
  { direct, shard }: { direct: boolean; shard: number },
): Promise<InsertedJob[]> {
  const items = JSON.stringify(jobs.map(toInsertRow));
  const { rows } =
    direct && jobs.every(isPlain)
      ? await database.query<Row>('select id, state, note from twolane.enqueue_plain($1, $2, $3)', [
          items,
          [...new Set(jobs.map((job) => job.queue))],
          shard,
        ])
      : await database.query<Row>('select id, state, note from twolane.enqueue($1, $2, $3)', [items, direct, shard]);
  return rows.map(toInserted);
}

/** Nothing can hold it back but its queue. */
function isPlain(job: NewJob): boolean {
  return (
    job.key === undefined &&
    job.limitKey === undefined &&
    job.delayMs === undefined &&
    job.runAt === undefined &&
    toExtra(job) === undefined &&
    toWaits(job) === undefined
  );
}

interface Row {
  id: string;
  state: JobState;
  /** What the enqueue met; null for a plain new job. */
  note: 'deduplicated' | 'differs' | 'merged' | 'replaced' | null;
}

function toInserted({ id, state, note }: Row): InsertedJob {
  return {
    id,
    state,
    deduplicated: note !== null && note !== 'replaced',
    replaced: note === 'merged' || note === 'replaced',
    payloadDiffers: note === 'differs',
  };
}

/** A job as `twolane.enqueue` reads it. */
export function toInsertRow(job: NewJob) {
  return {
    type: job.type,
    version: job.version,
    queue: job.queue,
    prio: priorities.indexOf(job.priority),
    key: job.key,
    limit_key: job.limitKey,
    tenant: job.tenant ?? '',
    owner: job.owner,
    payload: job.payload,
    metadata: job.metadata,
    max_attempts: job.maxAttempts,
    timeout_ms: job.timeoutMs,
    delay_ms: job.delayMs,
    run_at: job.runAt,
    expires_at: job.expiresAt,
    extra: toExtra(job),
    parent_id: job.parentId,
    waits: toWaits(job),
    traceparent: job.traceparent,
  };
}

/** What the plain path need not know; undefined for most jobs. */
function toExtra({ idempotency, throttle, debounce, keepLast, payloadFile }: NewJob) {
  if (!idempotency && !throttle && !debounce && !keepLast && !payloadFile) return undefined;
  return {
    once: idempotency,
    throttle,
    debounce: debounce && { key: debounce.key, ms: debounce.ms, max_ms: debounce.maxMs },
    keep_last: keepLast || undefined,
    file: payloadFile,
  };
}

/** Undefined for most jobs: they wait for none and belong to no flow. */
function toWaits({ waitFor, after, onChildFailure, cancelChildren, inFlow }: NewJob) {
  if (!inFlow && !waitFor?.length) return undefined;
  return {
    for: waitFor ?? [],
    after: after ?? [],
    rule: onChildFailure,
    owned: cancelChildren ?? inFlow,
    flow: inFlow,
  };
}

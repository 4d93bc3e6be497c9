/** One job of a key at a time: while it has not ended others are answered with it, afterwards the next makes a new one. */
import { type EnqueuedJob, type EnqueueItem, isFinal } from '../contract/index.ts';
import type { Platform } from './platform.ts';

/** Somebody else may take the freed key first; that one's job is the answer of the next round. */
const rounds = 5;

/**
 * Enqueues under an idempotency key that is given up when its job has ended. The key lasts as long as the type says
 * (`idempotencyMs`, 24 h), so a job that takes longer than that may get a twin.
 */
export async function enqueueOnceAtATime(
  { enqueue, operations }: Pick<Platform, 'enqueue' | 'operations'>,
  { job, payload, options }: EnqueueItem,
  key: string,
): Promise<EnqueuedJob> {
  let answer = await enqueue(job, payload as never, { ...options, idempotencyKey: key });
  for (let round = 0; round < rounds && answer.deduplicated && isFinal(answer.state); round++) {
    await operations.freeKey({ key, type: job.type, id: answer.id });
    answer = await enqueue(job, payload as never, { ...options, idempotencyKey: key });
  }
  return answer;
}

/** One job of a key at a time: while it has not ended others are answered with it, afterwards the next makes a new one. */
import { type EnqueuedJob, type EnqueueItem, isFinal } from '../contract/index.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'enqueue' | 'operations'>;

/** Somebody else may take the freed key first; that one's job is the answer of the next round. */
const rounds = 5;

/**
 * Enqueues under an idempotency key that is given up when its job has ended. The key lasts as long as the type says
 * (`idempotencyMs`, 24 h), so a job that takes longer than that may get a twin.
 */
export async function enqueueOnceAtATime(parts: Parts, item: EnqueueItem, key: string): Promise<EnqueuedJob> {
  const options = { ...item.options, idempotencyKey: key };
  const asked = { ...item, options };
  return unlessEnded(parts, asked, await parts.enqueue(item.job, item.payload as never, options));
}

/** Goes on from the first answer of such an enqueue: a job that has ended is followed by a new one. */
export async function unlessEnded(parts: Parts, item: EnqueueItem, first: EnqueuedJob): Promise<EnqueuedJob> {
  const key = item.options?.idempotencyKey;
  let answer = first;
  for (let round = 0; key && round < rounds && answer.deduplicated && isFinal(answer.state); round++) {
    await parts.operations.freeKey({ key, type: item.job.type, id: answer.id });
    answer = await parts.enqueue(item.job, item.payload as never, item.options);
  }
  return answer;
}

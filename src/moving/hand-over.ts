/** Handing a foreign job to the ledger and waiting as long as that takes: whoever holds it gives it up only afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EnqueuedJob, type EnqueueItem, type Enqueuer, type Logger, OverloadedError } from '../contract/index.ts';

/** How long an idempotency key of a job that was taken over leads to its job: a delivery may come again after a long stop. */
export const rememberMs = 7 * 24 * 60 * 60_000;

export interface HandOver {
  enqueuer: Pick<Enqueuer, 'enqueue'>;
  logger: Logger;
  /** Aborted when the process ends: then the job stays where it is. */
  signal: AbortSignal;
}

/**
 * Enqueues; while the ledger is away or takes no more of this queue it waits and tries again.
 * @returns undefined when the signal was aborted before the ledger took it
 * @throws what no waiting mends: a payload that does not fit, options that don't go together
 */
export async function handOver(
  { enqueuer, logger, signal }: HandOver,
  { job, payload, options }: EnqueueItem,
): Promise<EnqueuedJob | undefined> {
  for (let said = false; !signal.aborted; said = true) {
    try {
      return await enqueuer.enqueue(job, payload as never, options);
    } catch (error) {
      if (!(error instanceof OverloadedError)) throw error;
      const fields = { type: job.type, code: error.code, reason: error.message };
      if (!said) logger.warn(fields, 'The ledger does not take the job now; it waits where it came from');
      await sleep(Math.min(error.retryAfterS, 30) * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Waiting with an end: every answer of a broker may stay out, so no promise of one is awaited without a limit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from '../../contract/in-time.ts';

/** The promise's value, or a rejection that names what stayed out after `ms`. */
export function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  return inTime(ms, promise, `RabbitMQ kept us waiting ${ms} ms for ${what}`);
}

const firstDelayMs = 100;
const longestDelayMs = 3_000;
/** What lasted this long was healthy: the next attempt comes soon again. */
const stableMs = 5_000;

/**
 * Lives one life after another until `signal` is aborted. Between two lives it waits with full jitter: anything from
 * nothing to a delay that doubles up to 3 s, so that processes that lost a broker together don't come back together.
 * `apartMs` is the least time from one start to the next.
 */
export async function supervise(
  signal: AbortSignal,
  life: () => Promise<void>,
  options: { onFailure: (error: unknown) => void; apartMs?: number },
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const startedAt = performance.now();
    await life().catch((error: unknown) => {
      if (!signal.aborted) options.onFailure(error);
    });
    const lastedMs = performance.now() - startedAt;
    if (lastedMs > stableMs) attempt = 0;
    const delayMs = Math.random() * Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
    await pause(Math.max(delayMs, (options.apartMs ?? 0) - lastedMs), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

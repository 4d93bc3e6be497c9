/** Waiting for a fact: asks until the answer comes, gives up at a deadline or when there is no point any more. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  timeoutMs: number;
  /** Pause between two questions. Default 50. */
  everyMs?: number;
  /** A reason to give up at once, such as the end of the process that is asked. */
  hopeless?: () => string | undefined;
}

/**
 * Resolves with the first answer.
 * @throws Error that tells the last refusal, after `timeoutMs` or when it is hopeless.
 */
export async function untilAnswer<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const deadline = Date.now() + patience.timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const hopeless = patience.hopeless?.();
      if (hopeless !== undefined) throw new Error(hopeless, { cause: error });
      if (Date.now() > deadline) {
        throw new Error(`no answer within ${patience.timeoutMs / 1000} s (${messageOf(error)})`, { cause: error });
      }
    }
    await sleep(patience.everyMs ?? 50);
  }
}

/** Words for anything thrown: connection errors of several addresses have an empty message of their own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}

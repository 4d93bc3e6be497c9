/** Step: runs the handler within its time limit, and stops waiting for one that ignores its AbortSignal. */
import { AbortError } from '../../src/contract/index.ts';

/** How the handler ended: with a value, with an error, or not at all (`abandoned`). */
export interface Ended {
  value?: unknown;
  error?: unknown;
  abandoned?: boolean;
}

/** A handler that was asked to stop gets this long before its outcome is decided without it. */
export const stopGraceMs = 5_000;

export async function runWithLimits(
  controller: AbortController,
  timeoutMs: number,
  run: () => Promise<unknown>,
  graceMs = stopGraceMs,
): Promise<Ended> {
  const limit = setTimeout(() => {
    controller.abort(new AbortError('timed_out', `The attempt took longer than ${timeoutMs} ms`));
  }, timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  const abandoned = new Promise<Ended>((resolve) => {
    const startGrace = () => {
      grace = setTimeout(() => resolve({ error: controller.signal.reason, abandoned: true }), graceMs);
    };
    if (controller.signal.aborted) startGrace();
    else controller.signal.addEventListener('abort', startGrace, { once: true });
  });
  const finished = run().then(
    (value): Ended => ({ value }),
    (error): Ended => ({ error: error ?? new Error('The handler threw nothing') }),
  );
  try {
    return await Promise.race([finished, abandoned]);
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
  }
}

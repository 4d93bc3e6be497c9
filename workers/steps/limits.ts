/** Step: runs the handler within its time limit, and stops waiting for one that ignores its AbortSignal. */
import { AbortError } from '../../src/contract/index.ts';

/** How the handler ended: with a value or with an error. One that did not stop in time ended with the reason it was given. */
export interface Ended {
  value?: unknown;
  error?: unknown;
}

/** A handler that was asked to stop gets this long before its outcome is decided without it. */
export const stopGraceMs = 5_000;

/** The way to tell one running job to stop. Its AbortSignal is made when somebody looks at it: most handlers never do. */
export class Stop {
  #controller: AbortController | undefined;
  #reason: AbortError | undefined;
  #onAbort: (() => void) | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason && !this.#controller.signal.aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Why the work is no longer wanted; undefined while it is. */
  get reason(): AbortError | undefined {
    return this.#reason;
  }

  /** The first reason counts. */
  abort(reason: AbortError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#onAbort?.();
  }

  whenAborted(listener: () => void): void {
    this.#onAbort = listener;
    if (this.#reason) listener();
  }
}

/** Never rejects: how the handler ended is the answer. */
export function runWithLimits(
  stop: Stop,
  timeoutMs: number,
  run: () => Promise<unknown>,
  graceMs = stopGraceMs,
): Promise<Ended> {
  return new Promise((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      stop.abort(new AbortError('timed_out', `The attempt took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    const end = (ended: Ended) => {
      clearTimeout(limit);
      clearTimeout(grace);
      resolve(ended);
    };
    stop.whenAborted(() => {
      grace = setTimeout(() => end({ error: stop.reason }), graceMs);
    });
    run().then(
      (value) => end({ value }),
      (error) => end({ error: error ?? new Error('The handler threw nothing') }),
    );
  });
}

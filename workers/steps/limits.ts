/** Step: runs the handler within its limits: asks it to stop, then stops it, or stops waiting for it. */
import { AbortError, type Clock, TwolaneError } from '../../src/contract/index.ts';

/** How the handler ended: with a value or with an error. */
export interface Ended {
  value?: unknown;
  error?: unknown;
  /** It did not stop when it was told to, and this is what became of it. */
  forced?: TwolaneError;
  /** Its code goes on and nobody waits for it. */
  stillRuns?: Promise<unknown>;
}

export interface Limited {
  clock: Clock;
  stop: Stop;
  /** After this time its signal is aborted, milliseconds. */
  timeoutMs: number;
  /** So long after its signal was aborted it is stopped by force, or left to itself where that is not possible. */
  killAfterMs: number;
  run(): Promise<unknown>;
  /** Ends what runs, and resolves when all of it has stopped. */
  kill?(why: TwolaneError): Promise<void>;
}

/** A process that is shutting down waits no longer than this for each handler, whatever its type allows. */
export const drainGraceMs = 5_000;

/** The way to tell one running job to stop. Its AbortSignal is made when somebody looks at it: most handlers never do. */
export class Stop {
  #controller: AbortController | undefined;
  #reason: AbortError | undefined;
  #onAbort: ((reason: AbortError) => void) | undefined;

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
    this.#onAbort?.(reason);
  }

  whenAborted(listener: (reason: AbortError) => void): void {
    this.#onAbort = listener;
    if (this.#reason) listener(this.#reason);
  }
}

/** Never rejects: how the handler ended is the answer. */
export function runWithLimits(limited: Limited): Promise<Ended> {
  return new Promise((resolve) => new LimitedRun(limited, resolve).start());
}

class LimitedRun {
  readonly #limited: Limited;
  readonly #resolve: (ended: Ended) => void;
  #endLimit: (() => void) | undefined;
  #endGrace: (() => void) | undefined;
  #forced: TwolaneError | undefined;

  constructor(limited: Limited, resolve: (ended: Ended) => void) {
    this.#limited = limited;
    this.#resolve = resolve;
  }

  start(): void {
    const { clock, stop, timeoutMs, killAfterMs, run } = this.#limited;
    this.#endLimit = clock.after(timeoutMs, () => {
      stop.abort(new AbortError('timed_out', `The attempt took longer than ${timeoutMs} ms`));
    });
    const running = run();
    stop.whenAborted((reason) => {
      this.#endGrace = clock.after(graceOf(reason, killAfterMs), () => void this.#force(reason, running));
    });
    running.then(
      (value) => this.#end({ value }),
      (error) => this.#end({ error: error ?? new Error('The handler threw nothing'), forced: this.#forced }),
    );
  }

  async #force(reason: AbortError, running: Promise<unknown>): Promise<void> {
    const { killAfterMs, kill } = this.#limited;
    const forced = forcedEnd(reason, killAfterMs, kill !== undefined);
    this.#forced = forced;
    await kill?.(forced);
    this.#end({ error: forced, forced, ...(!kill && { stillRuns: running }) });
  }

  #end(ended: Ended): void {
    this.#endLimit?.();
    this.#endGrace?.();
    this.#resolve(ended);
  }
}

function graceOf({ code }: AbortError, killAfterMs: number): number {
  return code === 'draining' ? Math.min(killAfterMs, drainGraceMs) : killAfterMs;
}

function forcedEnd({ code, message }: AbortError, killAfterMs: number, killed: boolean): TwolaneError {
  return killed
    ? new TwolaneError(
        'killed',
        `${message}; it did not stop within ${killAfterMs} ms and was killed with its processes`,
      )
    : new TwolaneError(code, `${message}; its code had not stopped ${killAfterMs} ms later`);
}

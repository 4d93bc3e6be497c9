/** Time as background work sees it: the real one, or that of a test, which moves when it is told to. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of which only differences mean something: what paces background work is measured by it. */
  ticks(): number;
  /** Calls `run` once after `ms`. Returns the way to call it off. */
  after(ms: number, run: () => void): () => void;
  /**
   * Calls `run` once within `ms`, for what is gathered to be written together: a test's clock need not move for it.
   * Returns the way to call it off.
   */
  within(ms: number, run: () => void): () => void;
  /**
   * Runs `step` after `firstMs`, and again each time after as many milliseconds as it answered; never twice at once. A step
   * tells its failures itself and does not throw.
   */
  repeat(firstMs: number, step: () => Promise<number>): Repetition;
}

export interface Repetition {
  /** Resolves when the step under way has ended; none begins any more. */
  stop(): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  after,
  within: after,
  repeat(firstMs, step) {
    let stopped = false;
    let running: Promise<void> | undefined;
    const run = async () => {
      const ms = await step();
      running = undefined;
      if (!stopped) sleep(ms);
    };
    const sleep = (ms: number) => {
      timer = setTimeout(() => {
        running = run();
      }, ms);
    };
    let timer: NodeJS.Timeout | undefined;
    sleep(firstMs);
    return {
      async stop() {
        stopped = true;
        clearTimeout(timer);
        await running;
      },
    };
  },
};

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

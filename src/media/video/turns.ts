/** Encoders that share the cores of a worker: as many at once as there are turns, the others wait. */

export type Turns = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Whoever waits is let in by the order of asking, and leaves the line when its signal aborts, with the signal's reason. */
export function turns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        taken += 1;
        resolve();
      };
      if (taken < atOnce) return enter();
      waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  return async (signal, work) => {
    signal.throwIfAborted();
    await turn(signal);
    try {
      return await work();
    } finally {
      taken -= 1;
      waiting.shift()?.();
    }
  };
}

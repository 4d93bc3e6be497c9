/** Waiting with an end, by what has arrived: a process that stood still itself must not take others for silent. */

/**
 * Runs `run` once `ms` have passed and what has arrived by then was read: timers go off before a process that had no time
 * looks at its sockets.
 * @returns calls it off
 */
export function after(ms: number, run: () => void): () => void {
  let look: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    look = setImmediate(run);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(look);
  };
}

/**
 * The promise's value, or a rejection with `message` when it stays out for `ms`.
 * The promise itself goes on; its late rejection is not reported.
 */
export async function inTime<T>(ms: number, promise: Promise<T>, message: string): Promise<T> {
  let callOff = () => {};
  const late = new Promise<never>((_, reject) => {
    callOff = after(ms, () => reject(new Error(message)));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    callOff();
  }
}

/** Waiting with an end: no promise of a broker is awaited without a limit. */

/**
 * The promise's value, or a rejection that names what stayed out after `ms`.
 * The promise itself goes on; its late rejection is not reported.
 */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis kept us waiting ${ms} ms for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waiting for a fact instead of for time. */

/** Polls until `fact` is true (or gives a value), and fails naming `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  fact: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 25 } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await fact();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

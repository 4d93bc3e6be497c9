/** A steady load. */

/** Open loop: a call begins when its time has come, however long the earlier ones take. Resolves when all have ended. */
export async function atRate(perS: number, calls: number, call: (n: number) => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  const made: Promise<unknown>[] = [];
  for (let n = 0; n < calls; n += 1) {
    const dueInMs = startedAt + (n * 1_000) / perS - performance.now();
    if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
    made.push(call(n));
  }
  await Promise.all(made);
}

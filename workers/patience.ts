/** A process that starts while PostgreSQL is away or still coming up waits for it: machines often start everything at once. */
import { type Logger, OverloadedError } from '../src/contract/index.ts';

const patienceMs = 60_000;
const everyMs = 1_000;

/**
 * Takes a step of the start again and again while PostgreSQL can not be reached, for a minute.
 * @throws what the step throws for any other reason, or when the minute is over
 */
export async function oncePostgresIsThere<T>(step: () => Promise<T>, logger: Logger): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ; ) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof OverloadedError) || performance.now() > deadline) throw error;
      logger.warn({ error }, 'PostgreSQL can not be reached; this process starts as soon as it is there');
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

/** Runs the parts of a process until it is told to stop: starts them in order, stops them in the reverse order, says why. */
import closeWithGrace from 'close-with-grace';
import type { Twolane } from '../src/twolane.ts';
import { recycleExitCode } from './exit-codes.ts';
import { oncePostgresIsThere } from './patience.ts';

/** How a part ends before its process was told to. Either lets what runs come to its end first; more than once is as once. */
export interface WaysOut {
  /** Only a new process can go on with the part's work: this one ends and asks to be started again. */
  recycle(why: string): void;
  /** The part is not wanted any more; the process ends with the last part that does any work. */
  leave(why: string): void;
}

/** Anything with a beginning and an end. */
export interface Part {
  name: string;
  /** It only tells about the others: nothing keeps running for its sake. */
  auxiliary?: true;
  start(ways: WaysOut): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** Starts the parts; on SIGTERM, SIGINT or a fatal error stops them in reverse order and exits. */
export async function run(twolane: Twolane, parts: readonly Part[]): Promise<void> {
  const { logger, config } = twolane;
  const started: Part[] = [];
  const stopping = new Map<Part, Promise<unknown>>();
  const stop = (part: Part) => {
    const known =
      stopping.get(part) ??
      part.stop().catch((error) => logger.error({ error, component: part.name }, 'A part could not be stopped'));
    stopping.set(part, known);
    return known;
  };
  let exitCode = recycleExitCode;
  const closing = closeWithGrace(
    { delay: config.TWOLANE_DRAIN_MS + 10_000, logger: false },
    async ({ err, signal, manual }) => {
      if (err) logger.error({ error: err }, 'The process ends because of an error');
      else logger.info({ signal }, 'Stopping');
      for (const part of started.toReversed()) await stop(part);
      await twolane.close();
      if (manual) process.exit(exitCode);
    },
  );
  /** The part drains first, while the others go on: an API answers until the last moment. */
  const recycle = (part: Part) => async (why: string) => {
    if (stopping.has(part)) return;
    logger.warn({ component: part.name, why }, 'This process drains and ends, to be replaced by a new one');
    await stop(part);
    await closing.close();
  };
  const leave = (part: Part) => async (why: string) => {
    if (stopping.has(part)) return;
    logger.info({ component: part.name, why }, 'A part drains and ends');
    await stop(part);
    if (!parts.every((one) => one.auxiliary || stopping.has(one))) return;
    exitCode = 0;
    await closing.close();
  };
  await oncePostgresIsThere(() => twolane.migrate(), logger);
  await twolane.start();
  for (const part of parts) {
    await oncePostgresIsThere(() => part.start({ recycle: recycle(part), leave: leave(part) }), logger);
    started.push(part);
  }
  logger.info({ version: process.version }, `Running: ${parts.map((part) => part.name).join(', ')}`);
}

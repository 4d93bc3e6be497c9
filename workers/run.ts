/** Runs the parts of a process until it is told to stop: starts them in order, stops them in the reverse order, says why. */
import closeWithGrace from 'close-with-grace';
import type { Twolane } from '../src/twolane.ts';

/** Anything with a beginning and an end. */
export interface Part {
  name: string;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** Starts the parts; on SIGTERM, SIGINT or a fatal error stops them in reverse order and exits. */
export async function run(twolane: Twolane, parts: readonly Part[]): Promise<void> {
  const { logger, config } = twolane;
  const started: Part[] = [];
  closeWithGrace({ delay: config.TWOLANE_DRAIN_MS + 10_000, logger: false }, async ({ err, signal }) => {
    if (err) logger.error({ error: err }, 'The process ends because of an error');
    else logger.info({ signal }, 'Stopping');
    for (const part of started.toReversed()) {
      await part.stop().catch((error) => logger.error({ error, component: part.name }, 'A part could not be stopped'));
    }
    await twolane.close();
  });
  await twolane.migrate();
  await twolane.start();
  for (const part of parts) {
    await part.start();
    started.push(part);
  }
  logger.info({ version: process.version }, `Running: ${parts.map((part) => part.name).join(', ')}`);
}

/** A worker process for fault tests, to be killed and frozen. Configured by the environment; tells its parent when it is ready. */
import { loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { createTwolane } from '../../src/twolane.ts';
import { faultHandlers, faultJobs } from './fault-jobs.ts';

const twolane = createTwolane({
  config: loadConfig(),
  catalog: faultJobs,
  handlers: () => faultHandlers(process.env.FAULT_DELIVERIES ?? ''),
  logger: silentLogger,
});
await twolane.start();
const worker = twolane.worker({ concurrency: Number(process.env.FAULT_CONCURRENCY ?? 10) });
await worker.start();
process.on('SIGTERM', () => {
  void worker
    .stop()
    .then(() => twolane.close())
    .then(() => process.exit(0));
});
process.send?.('ready');

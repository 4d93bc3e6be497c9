/** A worker process for fault tests, to be killed and frozen. Configured by the environment; tells its parent when it is ready. */
import { loadConfig } from '../../src/config.ts';
import { type Catalog, silentLogger } from '../../src/contract/index.ts';
import { createTwolane } from '../../src/twolane.ts';
import { workerPart } from '../../workers/parts.ts';
import { run } from '../../workers/run.ts';
import { faultHandlers, faultJobs } from './fault-jobs.ts';

const twolane = createTwolane({
  config: loadConfig(),
  catalog: faultJobs as Catalog,
  handlers: ({ files }) => faultHandlers(process.env.FAULT_DELIVERIES ?? '', files),
  logger: silentLogger,
});
await run(twolane, [workerPart(twolane, { concurrency: Number(process.env.FAULT_CONCURRENCY ?? 10) })]);
process.send?.('ready');

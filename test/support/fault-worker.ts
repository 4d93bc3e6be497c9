/** A worker or scheduler process for fault tests, to be killed and frozen. Configured by the environment; tells its parent when it is ready. */
import { loadConfig } from '../../src/config.ts';
import { type Catalog, silentLogger } from '../../src/contract/index.ts';
import { createTwolane } from '../../src/twolane.ts';
import { schedulerPart, workerPart } from '../../workers/parts.ts';
import { run } from '../../workers/run.ts';
import { faultCatalog, faultHandlers } from './fault-jobs.ts';

const twolane = createTwolane({
  config: loadConfig(),
  catalog: faultCatalog as Catalog,
  handlers: (services) => faultHandlers(process.env.FAULT_DELIVERIES ?? '', services),
  logger: silentLogger,
});
const part =
  process.env.FAULT_ROLE === 'scheduler'
    ? schedulerPart(twolane)
    : workerPart(twolane, { concurrency: Number(process.env.FAULT_CONCURRENCY ?? 10) });
await run(twolane, [part]);
process.send?.('ready');

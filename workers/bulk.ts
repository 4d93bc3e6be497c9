/** A worker of the bulk lane. */
import { appFromEnvironment } from './app.ts';
import { healthParts, workerPart } from './parts.ts';
import { run } from './run.ts';

const twolane = appFromEnvironment('bulk');
await run(twolane, [workerPart(twolane, { lane: 'bulk' }), ...healthParts(twolane)]);

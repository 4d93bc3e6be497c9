/** A worker of the real-time lane. */
import { appFromEnvironment } from './app.ts';
import { healthParts, workerPart } from './parts.ts';
import { run } from './run.ts';

const twolane = appFromEnvironment('realtime');
await run(twolane, [workerPart(twolane, { lane: 'realtime' }), ...healthParts(twolane)]);

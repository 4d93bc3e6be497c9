/** A scheduler: dispatches queues, wakes scheduled jobs, takes the jobs of dead processes back. Any number may run. */
import { appFromEnvironment } from './app.ts';
import { healthParts, schedulerPart } from './parts.ts';
import { run } from './run.ts';

const twolane = appFromEnvironment('scheduler');
await run(twolane, [schedulerPart(twolane), ...healthParts(twolane)]);

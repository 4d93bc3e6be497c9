/** One process with everything: API, dashboard, scheduler and a worker of both lanes. What `npm start` runs. */
import { appFromEnvironment } from './app.ts';
import { httpParts, schedulerPart, workerPart } from './parts.ts';
import { run } from './run.ts';

const twolane = appFromEnvironment('all-in-one');
await run(twolane, [schedulerPart(twolane), workerPart(twolane), ...httpParts(twolane)]);

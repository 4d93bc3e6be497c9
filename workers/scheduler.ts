/** A scheduler: dispatches queues, wakes scheduled jobs, takes the jobs of dead processes back. Any number may run. */
import { appFromEnvironment } from './app.ts';
import { runRole } from './roles.ts';

await runRole(appFromEnvironment('scheduler'), 'scheduler');

/** One process with everything: API, dashboard, scheduler and a worker of both lanes. What `npm start` runs. */
import { appFromEnvironment } from './app.ts';
import { runRole } from './roles.ts';

await runRole(appFromEnvironment('all-in-one'), 'all-in-one');

/** A worker of the bulk lane. */
import { appFromEnvironment } from './app.ts';
import { runRole } from './roles.ts';

await runRole(appFromEnvironment('bulk'), 'worker', { lane: 'bulk' });

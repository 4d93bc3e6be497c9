/** A worker of the real-time lane. */
import { appFromEnvironment } from './app.ts';
import { runRole } from './roles.ts';

await runRole(appFromEnvironment('realtime'), 'worker', { lane: 'realtime' });

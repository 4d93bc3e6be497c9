/** API and dashboard, without workers: the process that faces the product's traffic. */
import { appFromEnvironment } from './app.ts';
import { runRole } from './roles.ts';

await runRole(appFromEnvironment('api'), 'api');

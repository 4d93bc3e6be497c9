/** API and dashboard, without workers: the process that faces the product's traffic. */
import { appFromEnvironment } from './app.ts';
import { httpParts } from './parts.ts';
import { run } from './run.ts';

const twolane = appFromEnvironment('api');
await run(twolane, httpParts(twolane));

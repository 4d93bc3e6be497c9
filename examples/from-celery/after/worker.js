/** Runs the jobs. The scheduler beside it releases what has a time. */
import { twolane } from './twolane.js';

await twolane.migrate();
await twolane.start();
await twolane.scheduler().start();
await twolane.worker().start();
process.once('SIGTERM', () => twolane.stop());
console.log('working');

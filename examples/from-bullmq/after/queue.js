/** The queue of thumbnails, for all who add to it: now they add to Twolane. */
import { Queue } from 'twolane/bullmq';
import { twolane } from './twolane.js';

await twolane.migrate();
await twolane.start();
export const thumbnails = new Queue('thumbnails', { twolane });

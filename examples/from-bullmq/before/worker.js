/** Makes the thumbnails, four at once. */
import { Worker } from 'bullmq';
import { connection } from './queue.js';
import { makeThumbnail } from './thumbnail.js';

new Worker('thumbnails', (job) => makeThumbnail(job.data), { connection, concurrency: 4 });
console.log('working');

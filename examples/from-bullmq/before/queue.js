/** The queue of thumbnails, for all who add to it. */
import { Queue } from 'bullmq';

export const connection = { url: process.env.REDIS_URL };
export const thumbnails = new Queue('thumbnails', { connection });

/** A worker process of the one BullMQ queue that messages, feeds and videos share by priority. Arguments: queue, jobs at once. */
import { setMaxListeners } from 'node:events';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { obeyOrders } from '../child.ts';
import { doWork, endWork, type Kind, type WorkPayload } from '../lanes/work.ts';

const [queue = '', concurrency = '1'] = process.argv.slice(2);
const connection = new Redis(process.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const stopped = new AbortController();
// One for each video under way.
setMaxListeners(0, stopped.signal);
const worker = new Worker<WorkPayload, void, Kind>(queue, ({ name, data }) => doWork(name, data, stopped.signal), {
  connection,
  concurrency: Number(concurrency),
});
// Aborted videos fail; their queue is removed with them.
worker.on('failed', () => undefined);
await worker.waitUntilReady();

obeyOrders<{ order: 'stop' }>(async () => {
  stopped.abort();
  await worker.close();
  await endWork();
  await connection.quit();
});

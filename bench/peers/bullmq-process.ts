/** One process of the BullMQ peer: the producer or the worker, by its first argument. */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { childRole, done, type PeerOptions, readyAndWaitForGo } from './pair.ts';

const batchSize = 500;
const concurrency = 100;

async function produce({ url, queue: name, jobs }: PeerOptions & { queue: string }): Promise<void> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue(name, { connection });
  await queue.waitUntilReady();
  await readyAndWaitForGo();
  const opts = { removeOnComplete: true, removeOnFail: true };
  for (let sent = 0; sent < jobs; ) {
    const count = Math.min(batchSize, jobs - sent);
    const batch = Array.from({ length: count }, (_, n) => ({
      name: 'bench',
      data: { id: String(10 ** 17 + sent + n), version: 1, fence: 0 },
      opts,
    }));
    await queue.addBulk(batch);
    sent += count;
  }
  await queue.close();
  await connection.quit();
}

async function consume({ url, queue: name, jobs }: PeerOptions & { queue: string }): Promise<void> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const worker = new Worker(name, async () => undefined, { connection, concurrency, autorun: false });
  await worker.waitUntilReady();
  await readyAndWaitForGo();
  await new Promise<void>((resolve) => {
    let seen = 0;
    worker.on('completed', () => {
      if (++seen === jobs) resolve();
    });
    void worker.run();
  });
  await worker.close();
  await connection.quit();
}

const { role, options } = childRole();
await (role === 'produce' ? produce(options) : consume(options));
done();
process.disconnect();

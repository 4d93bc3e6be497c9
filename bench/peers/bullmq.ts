/** Plain BullMQ: `addBulk` against a worker of concurrency 100, finished jobs removed at once. */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Client, Payload, Peer, Place } from './peer.ts';

const concurrency = 100;
const opts = { removeOnComplete: true, removeOnFail: true };

export const peer: Peer = {
  uses: ['redis'],
  batch: 500,
  connect: connectClient,
  unfinished: (place) => withQueue(place, async (queue) => (await queue.getJobCounts('wait', 'active')).active ?? 0),
  storedBytes: ({ redis }) => withRedis(redis, async (client) => memoryOf(await client.info('memory'))),
  close: ({ redis, name }) =>
    withRedis(redis, async (client) => {
      // Quicker than `obliterate`, which takes a million jobs apart one by one.
      for await (const keys of client.scanStream({ match: `bull:${name}:*`, count: 5_000 }))
        if (keys.length > 0) await client.unlink(keys);
    }),
};

const connectRedis = (url: string) => new Redis(url, { maxRetriesPerRequest: null });

async function withRedis<Value>(url: string, work: (redis: Redis) => Promise<Value>): Promise<Value> {
  const redis = connectRedis(url);
  try {
    return await work(redis);
  } finally {
    await redis.quit();
  }
}

function withQueue<Value>({ redis, name }: Place, work: (queue: Queue) => Promise<Value>): Promise<Value> {
  return withRedis(redis, async (connection) => {
    const queue = new Queue(name, { connection });
    return work(queue).finally(() => queue.close());
  });
}

const memoryOf = (info: string) => Number(/^used_memory:(\d+)/m.exec(info)?.[1]);

async function connectClient({ redis, name }: Place): Promise<Client> {
  const connection = connectRedis(redis);
  const queue = new Queue(name, { connection });
  await queue.waitUntilReady();
  return {
    add: (data) => queue.add('bench', data, opts),
    addMany: (payloads) => queue.addBulk(payloads.map((data) => ({ name: 'bench', data, opts }))),
    async work(onJob) {
      const process = async ({ data }: { data: Payload }) => onJob(data);
      const worker = new Worker<Payload>(name, process, { connection, concurrency });
      await worker.waitUntilReady();
      return () => worker.close();
    },
    async close() {
      await queue.close();
      await connection.quit();
    },
  };
}

/** Two ways to run urgent and heavy work on one machine: Twolane's lanes, and one BullMQ queue with priorities. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Child } from '../child.ts';
import { Fleet } from '../fleet.ts';
import { benchJobs } from '../jobs.ts';
import { serverUrl } from '../queues/system.ts';
import { type Kind, kinds, type WorkPayload } from './work.ts';

export interface Mixed {
  enqueue(kind: Kind, payloads: readonly WorkPayload[]): Promise<unknown>;
  /** Ends what runs and forgets what waits. */
  stop(): Promise<void>;
}

const cores = availableParallelism();
const processes = 2;

/** A worker process for each lane: 50 real-time jobs at once, a video for each core. */
export async function twoLanes(): Promise<Mixed> {
  const fleet = await Fleet.start();
  await (await fleet.process()).tell({ order: 'schedule' });
  await fleet.worker({ lane: 'realtime', queues: ['message', 'page'], concurrency: 50 });
  await fleet.worker({ lane: 'bulk', queues: ['video'], concurrency: cores });
  return {
    async enqueue(kind, payloads) {
      const job = benchJobs[`work-${kind}`];
      if (payloads.length === 1) return fleet.twolane.enqueue(job, payloads[0] as WorkPayload);
      return fleet.twolane.enqueueMany(payloads.map((payload) => ({ job, payload, options: {} })));
    },
    stop: () => fleet.stop(),
  };
}

/** @param atOnce jobs at once, over two processes */
export async function oneQueue(atOnce: number): Promise<Mixed> {
  const name = `bench-mixed-${process.pid}-${Date.now()}`;
  const connection = new Redis(serverUrl('REDIS_URL'), { maxRetriesPerRequest: null });
  const queue = new Queue<WorkPayload, void, Kind>(name, { connection });
  const entry = fileURLToPath(new URL('../peers/bullmq-lanes.ts', import.meta.url));
  const workers = await Promise.all(
    Array.from({ length: processes }, () => Child.start<{ order: 'stop' }>(entry, [name, `${atOnce / processes}`])),
  );
  return {
    enqueue(kind, payloads) {
      const opts = { priority: kinds.indexOf(kind) + 1, removeOnComplete: true, removeOnFail: true };
      return queue.addBulk(payloads.map((data) => ({ name: kind, data, opts })));
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop({ order: 'stop' })));
      await queue.obliterate({ force: true });
      await queue.close();
      await connection.quit();
    },
  };
}

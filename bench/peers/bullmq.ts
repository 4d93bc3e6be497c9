/** The peer of the bulk lane: plain BullMQ, `addBulk` against a worker of concurrency 100 with an empty processor. */
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type PeerOptions, type PeerResult, runPair } from './pair.ts';

/** Adds `jobs` small jobs in one process while another works them off; jobs per second of both. */
export async function bullmqPeer(options: PeerOptions): Promise<PeerResult> {
  const name = `peer-bullmq-${process.pid}-${Date.now()}`;
  const connection = new Redis(options.url, { maxRetriesPerRequest: null });
  const queue = new Queue(name, { connection });
  try {
    return await runPair(fileURLToPath(new URL('./bullmq-process.ts', import.meta.url)), { ...options, queue: name });
  } finally {
    await queue.obliterate({ force: true });
    await queue.close();
    await connection.quit();
  }
}

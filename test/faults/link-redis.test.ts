/** What only BullMQ does to a link: a worker that looks well and works nothing. */
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Logger, silentLogger } from '../../src/contract/index.ts';
import { bulkLane } from '../../src/lanes/bulk/lane.ts';
import { ack, envelopes, watch } from '../support/lane-port.ts';
import { freshPrefix, privateStack, until } from '../support/stack.ts';

type PrivateStack = Awaited<ReturnType<typeof privateStack>>;
let stack: PrivateStack;

beforeAll(async () => {
  stack = await privateStack({ only: ['redis'] });
}, 120_000);

afterAll(async () => {
  await stack.remove();
});

/** The server needs a while to start on a busy machine. */
const patient = { timeout: 120_000 };

describe('the link of the bulk lane, on Redis alone', () => {
  test('builds a worker anew that makes no progress, and works with the new one', patient, async () => {
    const prefix = freshPrefix();
    const records: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => records.push(message) };
    const lane = bulkLane({ url: stack.urls.REDIS_URL, prefix, logger });
    const connection = new Redis(stack.urls.REDIS_URL, { maxRetriesPerRequest: null });
    const queue = new Queue('link', { connection, prefix: `${prefix}:bulk` });
    try {
      await lane.ready(20_000);
      const { ids } = await watch(lane, 'link', { onEach: ack });
      // A queue that is paused in BullMQ looks to its worker as if there were nothing to do.
      await queue.pause();
      const sent = envelopes(50);
      expect((await lane.publish('link', sent)).confirmed).toBe(50);
      await until('it is noticed', () => records.some((record) => /no progress/.test(record)), { timeoutMs: 40_000 });
      expect(ids().size).toBe(0);
      await queue.resume();
      await until('all have come', () => ids().size === 50);
      await until('all are acked', async () => (await lane.inspect('link'))?.unacked === 0);
    } finally {
      await queue.close();
      await connection.quit();
      await lane.close();
    }
  });
});

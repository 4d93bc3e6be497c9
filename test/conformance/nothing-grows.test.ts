/** Finished work can fill neither broker: however many jobs have ended, and however they ended, nothing of them stays there. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { testUrls, until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  let redis: Redis;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
    redis = new Redis(testUrls().REDIS_URL);
  });
  afterAll(async () => {
    redis.disconnect();
    await app.stop();
  });

  test('thousands of jobs that succeeded, failed, died, expired or were cancelled leave nothing behind', async () => {
    await runs(500);
    const before = await inRedis();
    await runs(1_500);
    await runs(1_500);
    const after = await inRedis();
    expect(after.keys).toEqual(before.keys);
    // BullMQ's capped stream of events is cut in blocks of 4 KiB, one per queue; 3,000 ids alone would be 60,000 bytes.
    expect(after.bytes - before.bytes).toBeLessThan(3 * 4_096);
    for (const queue of ['work', 'single']) {
      const depth = await app.twolane.lanes.get(laneCase.lane)?.inspect(queue);
      expect(depth).toMatchObject({ ready: 0, unacked: 0 });
    }
  }, 60_000);

  /** Enqueues `count` jobs with every kind of end, and waits until all have ended and the broker was told. */
  async function runs(count: number): Promise<void> {
    const { twolane, jobs } = app;
    const fails = (n: number) => (n % 10 === 1 ? [1] : n % 10 === 2 ? ('non-retryable' as const) : undefined);
    const items = Array.from({ length: count }, (_, n) => ({
      job: jobs.work,
      payload: { name: `${n}`, fails: fails(n) },
    }));
    await twolane.enqueueMany(items);
    await twolane.enqueue(jobs.work, { name: 'expires' }, { expiresAt: new Date(0) });
    const cancelled = await twolane.enqueue(jobs.single, { name: 'cancelled', takesMs: 60_000 });
    await app.reaches(cancelled.id, 'running');
    await twolane.operations.cancel(cancelled.id);
    await until('all have ended', async () => (await twolane.operations.conservation()).live === 0, {
      timeoutMs: 40_000,
    });
    await until('the broker holds nothing', async () => {
      const depth = await twolane.lanes.get(laneCase.lane)?.inspect('work');
      return depth && depth.ready + depth.unacked === 0;
    });
  }

  /** Every key of this installation in Redis, and the memory that they take together. */
  async function inRedis(): Promise<{ keys: string[]; bytes: number }> {
    const keys: string[] = [];
    const stream = redis.scanStream({ match: `${app.config.TWOLANE_PREFIX}:*`, count: 1_000 });
    for await (const some of stream) keys.push(...(some as string[]));
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
    // Locks and markers with an end of their own come and go.
    const lasting = await Promise.all(keys.map(async (key) => (await redis.pttl(key)) === -1));
    const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    return { keys: keys.filter((_, index) => lasting[index]).sort(), bytes };
  }
});

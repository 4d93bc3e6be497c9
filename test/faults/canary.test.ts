/**
 * A worker that looks alive and consumes nothing: its brokers freeze, its network swallows bytes, its channels are closed.
 * Both lanes are hurt at once. It is noticed within 10 s and the same process works again within 30 s.
 */
import type { ChildProcess } from 'node:child_process';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../support/app.ts';
import { type Direction, FaultProxy } from '../support/fault-proxy.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

const lanes = ['realtime', 'bulk'] as const;
const noticedWithinMs = 10_000;
const recoveredWithinMs = 30_000;

describe('A worker whose brokers give it nothing', { timeout: 120_000 }, () => {
  let stack: Awaited<ReturnType<typeof privateStack>>;
  let proxies: FaultProxy[];
  let rig: FaultRig;
  let worker: ChildProcess;
  let redis: Redis;

  beforeAll(async () => {
    stack = await privateStack();
    rig = await FaultRig.start({ urls: stack.urls, http: true });
    const [amqp, bull] = await Promise.all([
      FaultProxy.before(stack.urls.AMQP_URL),
      FaultProxy.before(stack.urls.REDIS_URL),
    ]);
    proxies = [amqp, bull];
    redis = new Redis(stack.urls.REDIS_URL, { maxRetriesPerRequest: null });
    worker = await rig.worker(10, {
      AMQP_URL: amqp.through(stack.urls.AMQP_URL),
      REDIS_URL: bull.through(stack.urls.REDIS_URL),
    });
    await works('at first', recoveredWithinMs);
  }, 120_000);
  afterAll(async () => {
    await rig.stop();
    await Promise.all([...proxies.map((proxy) => proxy.stop()), redis.quit()]);
    await stack.remove();
  });

  const readyz = async () => caller(rig.app.url)('GET', '/readyz?needs=realtime,bulk', { token: apiKey });

  /** A job of each lane is run, and every consumer is proven. */
  async function works(name: string, withinMs: number): Promise<void> {
    const from = Date.now();
    for (const lane of lanes) await rig.enqueue(lane, 1, { name: `${name}, ${lane}` });
    for (const lane of lanes) {
      const ran = () => rig.starts().some((start) => start.name.startsWith(`${name}, ${lane}`));
      await until(`the ${lane} job "${name}" has run`, ran, { timeoutMs: withinMs });
    }
    await until('/readyz is well', async () => (await readyz()).status === 200, {
      timeoutMs: withinMs - (Date.now() - from),
    });
    expect(Date.now() - from).toBeLessThan(withinMs);
  }

  /** The queues of `hurt` are told to be late in time. */
  async function isNoticed(hurt: readonly string[] = lanes): Promise<void> {
    const from = Date.now();
    const answer = await until(
      'the late consumers are named',
      async () => {
        const now = await readyz();
        const late: string[] = (now.json?.late ?? []).map((one: { queue: string }) => one.queue);
        return hurt.every((lane) => late.includes(`${lane}/faults`)) ? now : undefined;
      },
      { timeoutMs: 2 * noticedWithinMs },
    );
    expect(Date.now() - from).toBeLessThan(noticedWithinMs);
    expect(answer).toMatchObject({ status: 503, json: { code: 'not_serving' } });
    for (const { why } of answer.json.late) expect(why).toMatch(/it was given nothing for \d/);
  }

  async function recovers(name: string): Promise<void> {
    await works(name, recoveredWithinMs);
    expect(worker).toMatchObject({ exitCode: null, signalCode: null });
    const [only, ...others] = await rig.app.twolane.operations.workers();
    expect(others).toEqual([]);
    expect(only?.pid).toBe(worker.pid);
  }

  test('because they are frozen', long, async () => {
    const pids = [stack.server('rabbitmq').pid as number, stack.server('redis').pid as number];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await isNoticed();
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await recovers('after the frost');
  });

  async function isCutOff(name: string, ...swallowed: Direction[]): Promise<void> {
    for (const proxy of proxies) proxy.swallow(...swallowed);
    try {
      await isNoticed();
    } finally {
      for (const proxy of proxies) proxy.swallow();
    }
    await recovers(`reunited, ${name}`);
  }

  test('because the network loses everything both ways', () => isCutOff('both ways', 'toServer', 'toClient'));

  test.each([
    { name: 'on the way to it', swallowed: 'toClient' },
    { name: 'on the way to them', swallowed: 'toServer' },
  ] as const)('because the network loses everything $name', long, ({ name, swallowed }) => isCutOff(name, swallowed));

  test('because its queue, its connections and its worker were taken away', long, async () => {
    await rig.app.twolane.lanes.get('realtime')?.purge('faults');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await recovers('after the theft');
    // A queue that is paused in BullMQ looks to its worker as if there were nothing to do.
    const queue = new Queue('faults', { connection: redis, prefix: `${rig.app.config.TWOLANE_PREFIX}:bulk` });
    await queue.pause();
    await isNoticed(['bulk']);
    await queue.resume();
    await queue.close();
    await recovers('after the pause');
  });

  test('and nothing was lost or doubled in all this', async () => {
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject(nothingLost);
  });
});

/**
 * RabbitMQ and Redis are killed, kept down, robbed of their last moments and wiped under load and with many jobs waiting: every
 * request is accepted all the while, everything comes back, and nothing is published in a storm. TWOLANE_FAULT_WAITING sets how
 * many wait (10,000).
 */
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '../../src/contract/index.ts';
import { apiKey } from '../support/app.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

const waiting = Number(process.env.TWOLANE_FAULT_WAITING ?? 10_000);
const lanes = [
  { lane: 'realtime', broker: 'rabbitmq' },
  { lane: 'bulk', broker: 'redis' },
] as const;

let stack: Awaited<ReturnType<typeof privateStack>>;
beforeAll(async () => {
  stack = await privateStack();
}, 120_000);
afterAll(() => stack.remove());

describe.each(lanes)('The broker of the $lane lane', { timeout: 240_000 }, ({ lane, broker }) => {
  let rig: FaultRig;
  let published: () => number;
  beforeEach(async () => {
    rig = await FaultRig.start({ urls: stack.urls, http: true });
    published = countPublished(rig.app.twolane.lanes.get(lane) as Lane);
  });
  afterEach(() => rig.stop());

  test('is killed under load, forgets its last moments and comes back: nobody was refused, nothing is lost, work resumes within 10 s', async () => {
    await rig.worker();
    const load = rig.load(lane, 100);
    await until('work flows', () => rig.starts().length > 100);
    await stack.server(broker).kill();
    if (broker === 'redis') expect(forgetTail(stack)).toBeGreaterThan(0);
    await until('the lane knows', async () => !(await health(rig, lane)).up);
    const before = rig.accepted.size;
    await acceptsPosts(rig, lane);
    await until('200 more were accepted without the broker', () => rig.accepted.size > before + 200);
    const stuckAt = rig.starts().length;
    await stack.server(broker).start();
    const backAt = Date.now();
    await until('work flows again', () => rig.starts().length > stuckAt + 20, { timeoutMs: 30_000 });
    expect(Date.now() - backAt).toBeLessThan(12_000);
    const { refused } = await load.stop();
    await rig.quiet();
    expect(refused).toBe(0);
    expect(await rig.verdict()).toMatchObject(nothingLost);
  });

  test('is wiped with many jobs waiting: all come back, none is published in a storm', long, async () => {
    for (let sent = 0; sent < waiting; sent += 1_000) await rig.enqueue(lane, 1_000, { name: 'waiting' });
    await rig.worker(20);
    await until('some have run', () => rig.starts().length > waiting / 20);
    const pid = stack.server(broker).pid;
    await stack.server(broker).wipe();
    expect(stack.server(broker).pid).not.toBe(pid);
    const left = waiting - rig.starts().length;
    expect(left).toBeGreaterThan(waiting / 4);
    await rig.quiet(180_000);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: waiting });
    // Each once, and at most a few windows again for what the broker lost.
    expect(published()).toBeLessThan(waiting * 1.1 + 3_000);
  });
});

/** Every POST is answered with 202 although the lane is down, and /readyz says so. */
async function acceptsPosts(rig: FaultRig, lane: 'realtime' | 'bulk'): Promise<void> {
  const call = caller(rig.app.url);
  const body = (n: number) => ({ type: `fault-${lane}`, payload: { name: `posted ${n}` } });
  const posts = Array.from({ length: 50 }, (_, n) => call('POST', '/v1/jobs', { token: apiKey, body: body(n) }));
  const answers = await Promise.all(posts);
  expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(202));
  for (const answer of answers) rig.accepted.add(answer.json.id);
  const ready = await call('GET', '/readyz', {});
  expect(ready.status).toBe(200);
  expect(ready.json.degraded).toHaveLength(1);
}

/** What Redis took last did not get to the disk: a quarter of the file is cut off, in the middle of a command. Answers how many bytes. */
function forgetTail({ folder }: typeof stack): number {
  const files = join(folder, 'redis/data/appendonlydir');
  const file = join(
    files,
    readdirSync(files)
      .filter((name) => name.endsWith('.incr.aof'))
      .toSorted()
      .at(-1) as string,
  );
  const { size } = statSync(file);
  const kept = Math.floor(size * 0.75);
  truncateSync(file, kept);
  return size - kept;
}

function health(rig: FaultRig, lane: 'realtime' | 'bulk') {
  return (rig.app.twolane.lanes.get(lane) as Lane).health();
}

/** Counts the envelopes that this process, which holds the dispatcher, gives to a lane. */
function countPublished(lane: Lane): () => number {
  let count = 0;
  const publish = lane.publish.bind(lane);
  lane.publish = (queue, envelopes) => {
    count += envelopes.length;
    return publish(queue, envelopes);
  };
  return () => count;
}

/**
 * What a broker may deliver beside what it was given: every job three times, jobs that are long over, in the reverse order, and
 * messages that nobody of us has written. No effect comes of it, the worker lives, and its neighbours' jobs run.
 */
import { connect } from 'amqplib';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Envelope, type Lane, packFields } from '../../src/contract/index.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { testUrls, until } from '../support/stack.ts';

/** What is in each message, as text. */
const rubbish = [
  '\u0000\u0001\ufffd',
  '{"id": 1}',
  '',
  '[]',
  '[["no number", "fault-realtime", 1, 0, 0]]',
  '[["-1", "fault-realtime", 1, 0, 0]]',
  '[["99999999999999999999999", "fault-realtime", 1, 0, 0]]',
  '[["1", "no-such-type", 1, 0, 0]]',
  '[["1", "__proto__", 1, 0, 0]]',
  '[["1", "fault-realtime", 1e999, 0, 0]]',
  '"'.padEnd(4 * 1024 * 1024, 'x'),
];

describe.each(['realtime', 'bulk'] as const)('A worker of the %s lane', (lane) => {
  let rig: FaultRig;
  let carrier: Lane;
  beforeAll(async () => {
    rig = await FaultRig.start();
    carrier = rig.app.twolane.lanes.get(lane) as Lane;
  });
  afterAll(() => rig.stop());

  /** Releases with the fences 0 to 2, as if jobs had been given out again and again. */
  const copies = (ids: readonly string[], fence: number): Envelope[] =>
    ids.map((id) => ({ id, type: `fault-${lane}`, version: 1, fence, crashes: 0 }));
  const emptied = () =>
    until('the broker has nothing left', async () => {
      const depth = await carrier.inspect('faults');
      return depth && depth.ready + depth.unacked === 0;
    });

  test('is given each job three times, backwards, and again when it is over: one start, one effect', async () => {
    const ids = await rig.enqueue(lane, 60, { takesMs: 5 });
    for (const fence of [0, 1, 2])
      expect((await carrier.publish('faults', copies(ids.toReversed(), fence))).confirmed).toBe(60);
    await rig.worker();
    await rig.quiet();
    await emptied();
    const cancelled = await rig.enqueue(lane, 5, { delayMs: 600_000 });
    for (const id of cancelled) await rig.app.twolane.operations.cancel(id);
    expect((await carrier.publish('faults', copies([...ids, ...cancelled], 1))).confirmed).toBe(65);
    await emptied();
    for (const id of cancelled) rig.accepted.delete(id);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 60, redelivered: 0 });
    expect(await rig.app.twolane.operations.get(cancelled[0] ?? '')).toMatchObject({ state: 'cancelled' });
  });

  test('is given messages that nobody of us has written: it goes on, and so do all others in them', async () => {
    const workers = rig.app.twolane.operations.workers;
    if ((await workers()).length === 0) await rig.worker();
    const [worker] = await workers();
    await (lane === 'realtime' ? toRabbitMq() : toBullMq());
    const [id = ''] = await rig.enqueue(lane, 1, { name: 'neighbour' });
    await until('the neighbour has run', () => rig.starts().some((start) => start.id === id));
    await rig.quiet();
    await emptied();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, redelivered: 0 });
    expect((await workers()).map(({ pid }) => pid)).toEqual([worker?.pid]);
  });

  async function toRabbitMq(): Promise<void> {
    const connection = await connect(testUrls().AMQP_URL);
    const channel = await connection.createConfirmChannel();
    const queue = `${rig.app.config.TWOLANE_PREFIX}.faults`;
    const headers = { nonsense: 'x'.repeat(9_000) };
    for (const content of rubbish) channel.sendToQueue(queue, Buffer.from(content), { headers });
    await channel.waitForConfirms();
    await connection.close();
  }

  async function toBullMq(): Promise<void> {
    const url = testUrls().REDIS_URL;
    const queue = new Queue('faults', { connection: { url }, prefix: `${rig.app.config.TWOLANE_PREFIX}:bulk` });
    const read = (text: string) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return { text };
      }
    };
    await queue.addBulk(rubbish.map((text) => ({ name: 'rubbish', data: read(text) })));
    await queue.add('older', packFields([{ id: '1', type: 'fault-bulk', version: 1, fence: 0, crashes: 0 }]), {
      delay: 50,
    });
    await queue.close();
  }
});

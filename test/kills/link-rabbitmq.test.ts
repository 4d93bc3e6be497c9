/** What only RabbitMQ does to a link: closed channels, alarms, a queue that it forgot how to serve. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Channel, Message } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, Lane } from '../../src/contract/index.ts';
import { realtimeConfig } from '../../src/lanes/realtime/config.ts';
import { Link } from '../../src/lanes/realtime/connection.ts';
import { Consumer } from '../../src/lanes/realtime/consume.ts';
import { realtimeLane } from '../../src/lanes/realtime/lane.ts';
import { ack, envelopes, watch } from '../support/lane-port.ts';
import { long } from '../support/long.ts';
import { freshPrefix, privateStack, until } from '../support/stack.ts';

type PrivateStack = Awaited<ReturnType<typeof privateStack>>;
let stack: PrivateStack;

beforeAll(async () => {
  stack = await privateStack({ only: ['rabbitmq'] });
}, 120_000);

afterAll(async () => {
  await stack.remove();
});

/** The server needs a while to start on a busy machine. */
const patient = { timeout: 120_000 };

describe('the link of the realtime lane, on RabbitMQ alone', () => {
  let lane: Lane;
  let prefix: string;

  beforeEach(async () => {
    prefix = freshPrefix();
    lane = realtimeLane({ url: stack.urls.AMQP_URL, prefix });
    await lane.ready(20_000);
  });

  afterEach(() => lane.close());

  test('consumes on a new channel after RabbitMQ closed the old one, whose late acks harm nothing', async () => {
    const { channels, link, consumer, deliveries } = await watchedConsumer();
    const sent = envelopes(5);
    expect((await lane.publish('link', sent)).confirmed).toBe(5);
    await until('the first are here', () => deliveries.length === 2);
    const closes: string[] = [];
    const old = channels.at(-1) as Channel;
    old.on('error', (error) => closes.push(error.message));
    const stale = deliveries.splice(0);
    old.ack({ fields: { deliveryTag: 4_711 } } as Message);
    await until('RabbitMQ has closed it', () => closes.length > 0);
    expect(closes[0]).toMatch(/406.*unknown delivery tag/);
    for (const delivery of stale) delivery.ack();
    const seen = new Set<string>();
    await until('all five have come on a new channel', () => {
      for (const delivery of deliveries.splice(0)) {
        seen.add(delivery.envelope.id);
        delivery.ack();
      }
      return seen.size === 5;
    });
    await until('nothing is left', async () => (await lane.inspect('link'))?.ready === 0);
    await consumer.close();
    await link.close();
  });

  test('publishes nothing while RabbitMQ has an alarm, keeps consuming, and goes on afterwards', {
    ...patient,
    ...long,
  }, async () => {
    const { ids } = await watch(lane, 'link', { onEach: ack });
    const sent = envelopes(3);
    await lane.publish('link', sent);
    await until('it works', () => ids().size === 3);
    const pid = stack.server('rabbitmq').pid as number;
    await rabbitmqctl(pid, 'set_vm_memory_high_watermark', '0');
    try {
      // An alarm reaches a connection with its next publish.
      await until('it is told', async () => {
        await lane.publish('link', envelopes(1));
        return !lane.isUp();
      });
      const startedAt = performance.now();
      expect((await lane.publish('link', envelopes(1_000))).confirmed).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(100);
      expect(await lane.health()).toMatchObject({ up: true, detail: expect.stringContaining('alarm') });
    } finally {
      await rabbitmqctl(pid, 'set_vm_memory_high_watermark', '0.4');
    }
    const [after] = envelopes(1);
    if (!after) throw new Error('no envelope');
    await until('it goes on', async () => {
      await lane.publish('link', [after]);
      return ids().has(after.id);
    });
  });

  test('makes a queue anew that RabbitMQ lost because it was killed while it made it', {
    ...patient,
    ...long,
  }, async () => {
    const server = stack.server('rabbitmq');
    const { ids } = await watch(lane, 'new-born', { onEach: ack });
    await until('the queue is there', async () => (await lane.publish('new-born', envelopes(1))).confirmed === 1);
    await server.kill();
    await server.start();
    const [probe] = envelopes(1);
    if (!probe) throw new Error('no envelope');
    await until(
      'it works',
      async () => {
        await lane.publish('new-born', [probe]);
        return ids().has(probe.id);
      },
      { timeoutMs: 30_000 },
    );
  });

  test('keeps a job that comes back more often than RabbitMQ 4 would allow by default', async () => {
    const { deliveries } = await watch(lane, 'link', { onEach: (it) => deliveries.length <= 30 && it.release() });
    await lane.publish('link', envelopes(1));
    await until('it came 31 times', () => deliveries.length === 31);
    expect((await lane.inspect('link'))?.unacked).toBe(1);
  });

  /** A consumer of the lane with a buffer of 2 whose channels the test can reach, to break them. */
  async function watchedConsumer() {
    const config = realtimeConfig({ url: stack.urls.AMQP_URL, prefix });
    const link = new Link('consuming', config);
    const model = await link.connected();
    const channels: Channel[] = [];
    const createChannel = model.createChannel.bind(model);
    model.createChannel = async () => {
      const channel = await createChannel();
      channels.push(channel);
      return channel;
    };
    const deliveries: Delivery[] = [];
    const consumer = new Consumer({ link, config, queue: 'link' }, 2, (delivery) => deliveries.push(delivery));
    return { channels, link, consumer, deliveries };
  }

  /** Runs the broker's own control program in the environment of the private node. */
  async function rabbitmqctl(pid: number, ...args: string[]): Promise<void> {
    const pairs = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);
    const env = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s) as [string, string]));
    await promisify(execFile)('/usr/lib/rabbitmq/bin/rabbitmqctl', args, { env });
  }
});

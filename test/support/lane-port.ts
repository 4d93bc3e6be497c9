/** The three implementations of the lane port, and small tools to watch deliveries. */
import type { Consumption, Delivery, Envelope, Lane } from '../../src/contract/index.ts';
import { bulkLane } from '../../src/lanes/bulk/lane.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { realtimeLane } from '../../src/lanes/realtime/lane.ts';
import { until } from './stack.ts';

let lastId = 10n ** 17n;

/** Envelopes with ids that no other call makes. */
export function envelopes(count: number, fence = 0): Envelope[] {
  return Array.from({ length: count }, () => ({
    id: String(++lastId),
    type: 'lane-test',
    version: 1,
    fence,
    crashes: 0,
  }));
}

/** Publishes like the dispatcher does: what was not confirmed is published again until everything is. */
export async function publishAll(lane: Lane, queue: string, wanted: readonly Envelope[], pack?: number): Promise<void> {
  let missing = [...wanted];
  await until('everything is confirmed', async () => {
    const unconfirmed = new Set((await lane.publish(queue, missing, pack)).unconfirmed);
    missing = missing.filter(({ id }) => unconfirmed.has(id));
    return missing.length === 0;
  });
}

export interface Watched {
  consumption: Consumption;
  /** What came, in order, repeats included. */
  deliveries: Delivery[];
  /** Distinct ids of what came. */
  ids(): Set<string>;
}

/** Consumes and keeps what comes; `onEach` sees each delivery at once. Default: keep it unacked. */
export async function watch(
  lane: Lane,
  queue: string,
  { buffer = 100, onEach = () => undefined }: { buffer?: number; onEach?: (delivery: Delivery) => void } = {},
): Promise<Watched> {
  const deliveries: Delivery[] = [];
  const consumption = await lane.consume(queue, { buffer }, (delivery) => {
    deliveries.push(delivery);
    onEach(delivery);
  });
  return { consumption, deliveries, ids: () => new Set(deliveries.map(({ envelope }) => envelope.id)) };
}

export const ack = (delivery: Delivery): void => delivery.ack();

export interface LaneUnderTest {
  name: string;
  /** Two lanes on one broker, as two processes have them. The memory lane is one instance for both. */
  make(urls: { AMQP_URL: string; REDIS_URL: string }, prefix: string): [Lane, Lane];
  /** A lane whose broker can't be reached. */
  unreachable(): Lane;
}

const closedPort = '127.0.0.1:1';

export const lanesUnderTest: readonly LaneUnderTest[] = [
  {
    name: 'memory',
    make: () => {
      const lane = memoryLane({ name: 'bulk' });
      return [lane, lane];
    },
    unreachable: () => {
      const lane = memoryLane({ name: 'bulk' });
      lane.switchPower(false);
      return lane;
    },
  },
  {
    name: 'realtime (quorum)',
    make: ({ AMQP_URL: url }, prefix) => {
      const options = { url, prefix, queues: 'quorum' } as const;
      return [realtimeLane(options), realtimeLane(options)];
    },
    unreachable: () => realtimeLane({ url: `amqp://guest:secret@${closedPort}`, prefix: 'nowhere', queues: 'quorum' }),
  },
  {
    name: 'realtime',
    make: ({ AMQP_URL: url }, prefix) => [realtimeLane({ url, prefix }), realtimeLane({ url, prefix })],
    unreachable: () => realtimeLane({ url: `amqp://guest:secret@${closedPort}`, prefix: 'nowhere' }),
  },
  {
    name: 'bulk',
    make: ({ REDIS_URL: url }, prefix) => [bulkLane({ url, prefix }), bulkLane({ url, prefix })],
    unreachable: () => bulkLane({ url: `redis://:secret@${closedPort}`, prefix: 'nowhere' }),
  },
];

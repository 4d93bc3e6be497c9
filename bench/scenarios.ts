/** The scenarios of the benchmark: what each does, and what it should reach. */

import { Fleet, load, report } from './fleet.ts';
import { type BenchType, benchJobs, nowMs, slowMs } from './jobs.ts';
import { type Measured, percentiles, type Scenario } from './measured.ts';
import { amqplibPeer } from './peers/amqplib.ts';
import { bullmqPeer } from './peers/bullmq.ts';
import { plainLatency } from './peers/plain-latency.ts';
import { besideBacklog } from './rates.ts';

const realtime = { lane: 'realtime', queues: ['bench'], concurrency: 500 } as const;

/** Enqueue to finished through the whole path: one process enqueues, others work. */
async function wholePath(
  type: BenchType,
  jobs: number,
  workers = 1,
  extra: { keys?: number; atOnce?: number; flowsOf?: number } = {},
): Promise<Measured> {
  const fleet = await Fleet.start();
  try {
    const { lane, queue } = benchJobs[type];
    for (let n = 0; n < workers; n += 1)
      await fleet.worker({ lane, queues: [queue], concurrency: Math.ceil(500 / workers) });
    const enqueuer = await fleet.enqueuer();
    // A first small load warms connections, plans and the compiler.
    await load(enqueuer, { type, jobs: 2_000, how: { together: 500 } });
    await fleet.settled(`${lane}/${queue}`);
    const { startedAt, endedAt } = await load(enqueuer, {
      type,
      jobs,
      how: extra.flowsOf ? { flows: extra.flowsOf } : { together: extra.atOnce ?? 2_000 },
      keys: extra.keys,
    });
    const seconds = ((await fleet.settled(`${lane}/${queue}`)) - startedAt) / 1_000;
    return {
      value: jobs / seconds,
      unit: 'jobs/s',
      note: `enqueued at ${Math.round((jobs * 1_000) / (endedAt - startedAt))}/s`,
    };
  } finally {
    await fleet.stop();
  }
}

/** Fills a paused queue, then lets it go: the rate of held enqueues, and of draining with that many waiting. */
async function backlog(waiting: number, drained: number, tenants?: number): Promise<Measured[]> {
  const fleet = await Fleet.start();
  try {
    await fleet.twolane.operations.pause('realtime/bench');
    const enqueuer = await fleet.enqueuer();
    const filled = await load(enqueuer, { type: 'bench-realtime', jobs: waiting, how: { bulk: 1_000 }, tenants });
    const worker = await fleet.worker(realtime);
    await fleet.twolane.operations.resume('realtime/bench');
    const startedAt = nowMs();
    let done = 0;
    while (done < drained) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done = (await report(worker)).done;
    }
    const endedAt = nowMs();
    return [
      {
        value: (waiting * 1_000) / (filled.endedAt - filled.startedAt),
        unit: 'jobs/s',
        note: 'held enqueue, 1,000 a call',
      },
      {
        value: (done * 1_000) / (endedAt - startedAt),
        unit: 'jobs/s',
        note: `drain with ${waiting.toLocaleString('en')} waiting`,
      },
    ];
  } finally {
    await fleet.stop();
  }
}

async function latency(type: BenchType, perS: number, seconds: number): Promise<Measured[]> {
  const fleet = await Fleet.start();
  try {
    const { lane, queue } = benchJobs[type];
    const worker = await fleet.worker({ lane, queues: [queue], concurrency: 50, keepWaits: true });
    const enqueuer = await fleet.enqueuer();
    await load(enqueuer, { type, jobs: perS * 3, how: { rate: perS } });
    await fleet.settled(`${lane}/${queue}`);
    const warmed = (await report(worker)).waits.length;
    await load(enqueuer, { type, jobs: perS * seconds, how: { rate: perS } });
    await fleet.settled(`${lane}/${queue}`);
    return percentiles((await report(worker)).waits.slice(warmed), `enqueue to start at ${perS}/s`);
  } finally {
    await fleet.stop();
  }
}

/** The same steady load by hand: what of the latency is the machine's and the servers'. */
async function plainLatencies(perS: number, seconds: number): Promise<Measured[]> {
  const servers = { database: process.env.DATABASE_URL ?? '', amqp: urls().amqp };
  await plainLatency(servers, perS, perS * 3);
  return percentiles(await plainLatency(servers, perS, perS * seconds), `insert to consumer at ${perS}/s`);
}

/** How long a high-priority job waits behind a backlog of slow ones. */
async function priority(type: 'bench-slow' | 'bench-slow-bulk', waiting: number): Promise<Measured[]> {
  const fleet = await Fleet.start();
  try {
    const enqueuer = await fleet.enqueuer();
    const { lane, queue } = benchJobs[type];
    const worker = await fleet.worker({ lane, queues: [queue], concurrency: 50 });
    await load(enqueuer, { type, jobs: waiting, how: { bulk: 1_000 } });
    const urgent = { priority: 'high', tenant: 'urgent' } as const;
    await load(enqueuer, { type, jobs: 40, how: { rate: 10 }, options: urgent });
    let waits: number[] = [];
    while (waits.length < 40) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      waits = (await report(worker)).urgentWaits;
    }
    const sorted = waits.toSorted((a, b) => a - b);
    return [
      {
        value: sorted[19] ?? Number.NaN,
        unit: 'ms',
        note: `p50 to start behind ${waiting.toLocaleString('en')}, handlers of ${slowMs} ms`,
      },
      { value: sorted[38] ?? Number.NaN, unit: 'ms', note: 'p95' },
    ];
  } finally {
    await fleet.stop();
  }
}

const urls = () => ({ amqp: process.env.AMQP_URL ?? '', redis: process.env.REDIS_URL ?? '' });

/** In the order of the report. The peers run in the same run, on the same servers. */
export function scenarios(scale: number): Scenario[] {
  const n = (jobs: number) => Math.round(jobs * scale);
  const peer = async (rate: Promise<{ jobsPerS: number }>): Promise<Measured[]> => [
    { value: (await rate).jobsPerS, unit: 'jobs/s' },
  ];
  return [
    { name: 'plain amqplib', run: () => peer(amqplibPeer('classic', { url: urls().amqp, jobs: n(200_000) })) },
    { name: 'plain amqplib, quorum', run: () => peer(amqplibPeer('quorum', { url: urls().amqp, jobs: n(200_000) })) },
    { name: 'real-time, whole path', run: async () => [await wholePath('bench-realtime', n(200_000))] },
    { name: 'plain BullMQ', run: () => peer(bullmqPeer({ url: urls().redis, jobs: n(100_000) })) },
    { name: 'bulk, whole path', run: async () => [await wholePath('bench-bulk', n(100_000))] },
    { name: 'beside a backlog', run: () => besideBacklog(n(1_000_000), n(50_000)) },
    { name: 'backlog', run: () => backlog(n(1_000_000), n(200_000)) },
    { name: 'plain, 40,000 jobs', run: async () => [await wholePath('bench-realtime', n(40_000))] },
    { name: 'keyed, 5,000 keys', run: async () => [await wholePath('bench-realtime', n(40_000), 1, { keys: 5_000 })] },
    { name: 'keyed, one key', run: async () => [await wholePath('bench-realtime', n(3_000), 1, { keys: 1 })] },
    { name: 'backlog of 1,000 tenants', run: () => backlog(n(200_000), n(100_000), 1_000) },
    { name: 'limits of the type', run: async () => [await wholePath('bench-limited', n(40_000))] },
    {
      name: 'limits of 5,000 keys',
      run: async () => [await wholePath('bench-limited-keys', n(40_000), 1, { keys: 5_000 })],
    },
    { name: 'flows of 10 jobs', run: async () => [await wholePath('bench-realtime', n(40_000), 1, { flowsOf: 10 })] },
    { name: 'batches of up to 100', run: async () => [await wholePath('bench-batch', n(100_000))] },
    { name: 'latency, plain insert and amqplib', run: () => plainLatencies(500, 20 * scale) },
    { name: 'latency, real-time', run: () => latency('bench-realtime', 500, 20 * scale) },
    { name: 'latency, bulk', run: () => latency('bench-bulk', 500, 20 * scale) },
    { name: 'priority, real-time', run: () => priority('bench-slow', n(100_000)) },
    { name: 'priority, bulk', run: () => priority('bench-slow-bulk', n(100_000)) },
    { name: 'real-time, 16 worker processes', run: async () => [await wholePath('bench-realtime', n(100_000), 16)] },
    {
      name: 'real-time, one at a time',
      run: async () => [await wholePath('bench-realtime', n(3_000), 1, { atOnce: 1 })],
    },
    { name: 'ctx.settle with an effect', run: async () => [await wholePath('bench-effect', n(20_000))] },
  ];
}

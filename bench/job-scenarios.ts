/** `npm run bench -- jobs`: what features cost, what a backlog costs each step, how long urgent jobs wait. */

import { besideBacklog, steps } from './beside-backlog.ts';
import { Fleet, load, report } from './fleet.ts';
import { type BenchType, benchJobs, nowMs, slowMs } from './jobs.ts';
import type { Measured, Scenario } from './measured.ts';

const realtime = { lane: 'realtime', queues: ['bench'], concurrency: 500 } as const;

interface Extra {
  keys?: number;
  atOnce?: number;
  flowsOf?: number;
  workers?: number;
}

/** Enqueue to finished through the whole path: one process enqueues, others work. */
async function wholePath(type: BenchType, jobs: number, extra: Extra = {}): Promise<Measured[]> {
  const fleet = await Fleet.start();
  const { workers = 1 } = extra;
  try {
    const { lane, queue } = benchJobs[type];
    for (let n = 0; n < workers; n += 1)
      await fleet.worker({ lane, queues: [queue], concurrency: Math.ceil(500 / workers) });
    const enqueuer = await fleet.enqueuer();
    // A first small load warms connections, plans and the compiler.
    await load(enqueuer, { type, jobs: 2_000, how: { together: 500 } });
    await fleet.settled(`${lane}/${queue}`);
    const how = extra.flowsOf ? { flows: extra.flowsOf } : { together: extra.atOnce ?? 2_000 };
    const { startedAt, endedAt } = await load(enqueuer, { type, jobs, how, keys: extra.keys });
    const seconds = ((await fleet.settled(`${lane}/${queue}`)) - startedAt) / 1_000;
    const note = `enqueued at ${Math.round((jobs * 1_000) / (endedAt - startedAt))}/s`;
    return [{ key: 'rate', value: jobs / seconds, unit: 'jobs/s', note }];
  } finally {
    await fleet.stop();
  }
}

/** Fills a paused queue, then lets it go: the rate of held enqueues, and of draining with that many waiting. */
async function backlog(waiting: number, drained: number, tenants: number): Promise<Measured[]> {
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
    const drainedIn = nowMs() - startedAt;
    const rate = (key: string, jobs: number, ms: number, note: string): Measured => {
      return { key, value: (jobs * 1_000) / ms, unit: 'jobs/s', note };
    };
    return [
      rate('enqueue', waiting, filled.endedAt - filled.startedAt, 'held enqueue, 1,000 a call'),
      rate('process', done, drainedIn, `drain with ${waiting.toLocaleString('en')} waiting`),
    ];
  } finally {
    await fleet.stop();
  }
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
    const note = `to start behind ${waiting.toLocaleString('en')}, handlers of ${slowMs} ms`;
    const at = (key: string, place: number): Measured => {
      return { key, value: sorted[place] ?? Number.NaN, unit: 'ms', note: `${key} ${note}` };
    };
    return [at('p50', 19), at('p95', 38)];
  } finally {
    await fleet.stop();
  }
}

/** In the order of the report. */
export function jobScenarios(scale: number): Scenario[] {
  const n = (jobs: number) => Math.round(jobs * scale);
  const whole = (name: string, type: BenchType, jobs: number, extra: Extra = {}): Scenario => {
    return { name, keys: ['rate'], run: () => wholePath(type, n(jobs), extra) };
  };
  const held = (name: string, tenants: number): Scenario => {
    return { name, keys: ['enqueue', 'process'], run: () => backlog(n(100_000), n(30_000), tenants) };
  };
  const urgent = (name: string, type: 'bench-slow' | 'bench-slow-bulk'): Scenario => {
    return { name, keys: ['p50', 'p95'], run: () => priority(type, n(100_000)) };
  };
  return [
    { name: 'beside a backlog', keys: steps, run: () => besideBacklog(n(1_000_000), n(100_000)) },
    held('backlog of one tenant', 1),
    held('backlog of 1,000 tenants', 1_000),
    whole('plain jobs', 'bench-realtime', 25_000),
    whole('keyed, 5,000 keys', 'bench-realtime', 25_000, { keys: 5_000 }),
    whole('keyed, one key', 'bench-realtime', 1_000, { keys: 1 }),
    whole('limits of the type', 'bench-limited', 25_000),
    whole('limits of 5,000 keys', 'bench-limited-keys', 25_000, { keys: 5_000 }),
    whole('flows of 10 jobs', 'bench-realtime', 15_000, { flowsOf: 10 }),
    whole('batches of up to 100', 'bench-batch', 40_000),
    urgent('priority, real-time', 'bench-slow'),
    urgent('priority, bulk', 'bench-slow-bulk'),
    whole('real-time, 16 worker processes', 'bench-realtime', 20_000, { workers: 16 }),
    whole('real-time, one at a time', 'bench-realtime', 2_000, { atOnce: 1 }),
    whole('ctx.settle with an effect', 'bench-effect', 15_000),
  ];
}

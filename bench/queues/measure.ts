/** What is measured of a queue system, in one sitting: together, at a steady rate, enqueueing and processing apart, and beside a backlog. */
import { measureUsage, toMib } from '../machine/usage.ts';
import { type Measured, percentiles } from '../measured.ts';
import { pause, type Running, type System } from './system.ts';

export interface Amounts {
  /** Enqueued and worked off at the same time. */
  together: number;
  /** Enqueued with no worker there, then worked off. */
  apart: number;
  /** At this many jobs a second for this many seconds. */
  steady: { perS: number; seconds: number };
  /** So many wait while `apart` jobs are enqueued and worked off. Undefined: left out. */
  backlog?: number;
  /** Added to each commit. */
  commitDelayMs?: number;
}

export const systemKeys = ['rate', 'cpu', 'memory', 'p50', 'p99', 'enqueue', 'process'] as const;
export const backlogKeys = ['enqueue beside', 'process beside', 'stored'] as const;

const warmUp = 2_000;

/** The measures with `systemKeys`, and with `backlogKeys` when a backlog was asked for. */
export async function measureSystem(system: System, amounts: Amounts): Promise<Measured[]> {
  const running = await system.start(amounts.commitDelayMs);
  try {
    await running.startWorkers();
    await running.enqueue({ jobs: warmUp, how: 'fast' });
    await running.idle();
    const together = await atTheSameTime(running, amounts.together);
    const steady = await atSteadyRate(running, amounts.steady);
    await running.stopWorkers();
    const apart = await enqueueThenProcess(running, amounts.apart);
    const measured = [...together, ...steady, rate('enqueue', apart.enqueue), rate('process', apart.process)];
    if (amounts.backlog === undefined) return measured;
    return [...measured, ...(await besideBacklog(running, amounts.backlog, amounts.apart, apart))];
  } finally {
    await running.stop();
  }
}

async function atTheSameTime(running: Running, jobs: number): Promise<Measured[]> {
  let seconds = Number.NaN;
  const used = await measureUsage(running.servers(), running.workers(), async () => {
    const { startedAt } = await running.enqueue({ jobs, how: 'fast' });
    seconds = ((await running.idle()) - startedAt) / 1_000;
  });
  return [
    { key: 'rate', value: jobs / seconds, unit: 'jobs/s', note: 'enqueue to finished' },
    { key: 'cpu', value: used.cpuMs / jobs, unit: 'ms/job', note: 'CPU of clients, workers and servers' },
    { key: 'memory', value: toMib(used.workerBytes), unit: 'MiB', note: 'of the workers' },
  ];
}

async function atSteadyRate(running: Running, { perS, seconds }: Amounts['steady']): Promise<Measured[]> {
  await running.enqueue({ jobs: perS, how: { perS } });
  await running.idle();
  await running.takeWaits();
  await running.enqueue({ jobs: Math.round(perS * seconds), how: { perS } });
  await running.idle();
  return percentiles(await running.takeWaits(), `enqueue to start at ${perS}/s`);
}

interface Rates {
  enqueue: number;
  process: number;
}

/** With no worker there at first, and none afterwards. */
async function enqueueThenProcess(running: Running, jobs: number): Promise<Rates> {
  const { startedAt, endedAt } = await running.enqueue({ jobs, how: 'fast' });
  const process = await processRate(running, jobs);
  await running.idle();
  await running.stopWorkers();
  return { enqueue: perSecond(jobs, endedAt - startedAt), process };
}

/** From the first job that the fresh workers finish until they have finished so many; starting them is not counted. */
async function processRate(running: Running, jobs: number): Promise<number> {
  await running.startWorkers();
  const reached = async (least: number) => {
    for (;;) {
      const finished = await running.finished();
      if (finished >= least) return { finished, at: performance.now() };
      await pause(10);
    }
  };
  const first = await reached(1);
  const last = await reached(jobs);
  return perSecond(last.finished - first.finished, last.at - first.at);
}

async function besideBacklog(running: Running, waiting: number, jobs: number, alone: Rates): Promise<Measured[]> {
  const empty = await running.storedBytes();
  await running.fill(waiting);
  const full = await running.storedBytes();
  const { startedAt, endedAt } = await running.enqueue({ jobs, how: 'fast' });
  const enqueue = perSecond(jobs, endedAt - startedAt);
  const process = await processRate(running, jobs);
  await running.stopWorkers();
  const behind = `with ${waiting.toLocaleString('en')} waiting`;
  return [
    share('enqueue beside', enqueue, alone.enqueue, `of the rate to enqueue ${behind}`),
    share('process beside', process, alone.process, `of the rate to process ${behind}`),
    { key: 'stored', value: (full - empty) / waiting, unit: 'B/job', note: 'that a waiting job takes of its server' },
  ];
}

const perSecond = (jobs: number, ms: number) => (jobs * 1_000) / ms;
const rate = (key: 'enqueue' | 'process', value: number): Measured => ({
  key,
  value,
  unit: 'jobs/s',
  note: key === 'enqueue' ? 'enqueue alone' : 'process alone',
});

function share(key: string, value: number, alone: number, note: string): Measured {
  return { key, value: (100 * value) / alone, unit: '%', note: `${note}, ${Math.round(value).toLocaleString('en')}/s` };
}

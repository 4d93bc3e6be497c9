/** The endpoint that enqueues, beside an Express program that inserts a row, each with workers stopped and with workers busy. */
import { fileURLToPath } from 'node:url';
import { Child } from '../child.ts';
import { apiKey, Fleet, load, type Process } from '../fleet.ts';
import { proportionalBytes } from '../machine/processes.ts';
import { toMib } from '../machine/usage.ts';
import { type Measured, percentiles, type Scenario, waitKeys } from '../measured.ts';
import { pause } from '../queues/system.ts';
import { httpLoad, postOf } from './load.ts';

const connections = 64;
const body = { type: 'bench-realtime', payload: { sentAt: 0 } };

/** In the order of the report. */
export function httpScenarios(scale: number): Scenario[] {
  const seconds = Math.max(1, 4 * scale);
  /** More than the workers finish in that time. */
  const backlog = Math.round(15_000 * (seconds + 4));
  const both = (workers: string, waiting: number): Scenario[] => [
    scenario(`POST /v1/jobs, workers ${workers}`, seconds, waiting, twolaneApi),
    scenario(`bare Express, workers ${workers}`, seconds, waiting, bareExpress),
  ];
  return [...both('stopped', 0), ...both('busy', backlog)];
}

type Served = { port: number; pid: number; stop(): Promise<void> };

function scenario(name: string, seconds: number, waiting: number, serve: (fleet: Fleet) => Promise<Served>): Scenario {
  const run = async () => {
    const fleet = await Fleet.start();
    try {
      if (waiting > 0) await keepBusy(fleet, waiting);
      const served = await serve(fleet);
      const measured = await measure(served, seconds);
      await served.stop();
      return measured;
    } finally {
      await fleet.stop();
    }
  };
  return { name, keys: ['rate', 'memory', ...waitKeys], run };
}

async function measure({ port, pid }: Served, seconds: number): Promise<Measured[]> {
  const request = postOf('/v1/jobs', body, { authorization: `Bearer ${apiKey}` });
  await httpLoad({ port, request, connections, seconds: Math.min(1, seconds) });
  const took = await httpLoad({ port, request, connections, seconds });
  return [
    { key: 'rate', value: took.length / seconds, unit: 'requests/s', note: `${connections} connections` },
    { key: 'memory', value: toMib(proportionalBytes(pid) ?? Number.NaN), unit: 'MiB', note: 'of the process' },
    ...percentiles(took, 'of a request'),
  ];
}

async function twolaneApi(fleet: Fleet): Promise<Served> {
  const api = await fleet.process();
  return { port: await api.tell<number>({ order: 'serve' }), pid: api.pid, stop: async () => undefined };
}

async function bareExpress({ databaseUrl }: Fleet): Promise<Served> {
  const file = fileURLToPath(new URL('../peers/express.ts', import.meta.url));
  const child = await Child.start<{ order: 'serve' | 'stop' }>(file, [], { DATABASE_URL: databaseUrl });
  return {
    port: await child.tell<number>({ order: 'serve' }),
    pid: child.pid,
    stop: () => child.stop({ order: 'stop' }),
  };
}

/** A worker that works off a backlog from now on. */
async function keepBusy(fleet: Fleet, waiting: number): Promise<void> {
  const enqueuer: Process = await fleet.enqueuer();
  await load(enqueuer, { type: 'bench-bulk', jobs: waiting, how: { bulk: 1_000 } });
  const worker = await fleet.worker({ lane: 'bulk', queues: ['bench'], concurrency: 500 });
  while ((await worker.tell<number>({ order: 'finished' })) === 0) await pause(10);
}

/** A process of the benchmark: a worker, or an enqueuer with the scheduler beside it. Told what to do by its parent. */
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createTwolane } from '../src/twolane.ts';
import { enqueueLoad, type Load } from './enqueue-load.ts';
import { benchHandlers, benchJobs, type Counted } from './jobs.ts';

export type Order =
  | { order: 'work'; queues: readonly string[]; lane: 'realtime' | 'bulk'; concurrency: number; keepWaits: boolean }
  | { order: 'schedule' }
  | { order: 'enqueue'; load: Load }
  | { order: 'report' }
  | { order: 'stop' };
export type Answer = { answer: string; value?: unknown };

const counted: Counted = { done: 0, waits: [], urgentWaits: [] };
let keepWaits = false;
const twolane = createTwolane({
  config: loadConfig(),
  catalog: benchJobs,
  handlers: () => benchHandlers(counted, keepWaits),
  logger: silentLogger,
});
const stops: (() => Promise<void>)[] = [];

async function obey(order: Order): Promise<unknown> {
  switch (order.order) {
    case 'work': {
      keepWaits = order.keepWaits;
      const worker = twolane.worker(order);
      await worker.start();
      stops.push(() => worker.stop());
      return undefined;
    }
    case 'schedule': {
      const scheduler = twolane.scheduler();
      await scheduler.start();
      stops.push(() => scheduler.stop());
      return undefined;
    }
    case 'enqueue':
      return enqueueLoad(twolane, order.load);
    case 'report':
      return { ...counted, cpuUs: process.cpuUsage() };
    case 'stop':
      for (const stop of stops.toReversed()) await stop();
      await twolane.close();
      return undefined;
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (value) => {
      process.send?.({ answer: order.order, value } satisfies Answer);
      if (order.order === 'stop') process.disconnect();
    },
    (error) => process.send?.({ answer: 'error', value: String(error?.stack ?? error) } satisfies Answer),
  );
});
await twolane.start();
await Promise.all([...twolane.lanes.values()].map((lane) => lane.ready(10_000)));
process.send?.({ answer: 'ready' } satisfies Answer);

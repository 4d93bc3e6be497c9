/** A process of Twolane in the benchmark: a worker, a scheduler, an enqueuer, an API. Told what to do by its parent. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createTwolane } from '../src/twolane.ts';
import { obeyOrders } from './child.ts';
import { enqueueLoad, type Load } from './enqueue-load.ts';
import { benchHandlers, benchJobs, type Counted } from './jobs.ts';
import { endWork } from './lanes/work.ts';

export type Order =
  | { order: 'work'; queues: readonly string[]; lane: 'realtime' | 'bulk'; concurrency: number; keepWaits: boolean }
  | { order: 'schedule' }
  | { order: 'serve' }
  | { order: 'enqueue'; load: Load }
  | { order: 'report' | 'finished' | 'takeWaits' }
  | { order: 'stop' };

const counted: Counted = { done: 0, waits: [], urgentWaits: [] };
let keepWaits = false;
const twolane = createTwolane({
  config: loadConfig(),
  catalog: benchJobs,
  handlers: () => benchHandlers(counted, keepWaits),
  logger: silentLogger,
});
const stops: (() => Promise<unknown>)[] = [];

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
    case 'serve':
      return serve();
    case 'enqueue':
      return enqueueLoad(twolane, order.load);
    case 'report':
      return counted;
    case 'finished':
      return counted.done;
    case 'takeWaits':
      return counted.waits.splice(0);
    case 'stop':
      for (const stop of stops.toReversed()) await stop();
      await endWork();
      await twolane.close();
      return undefined;
  }
}

/** The API; answers its port. */
async function serve(): Promise<number> {
  const server = createServer(express().use(twolane.api()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

await twolane.start();
await Promise.all([...twolane.lanes.values()].map((lane) => lane.ready(10_000)));
obeyOrders(obey);

/** Prometheus metrics: what the ledger counts per queue, how requests go, and the process itself. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Alarm, WorkerStatus } from '../contract/fleet.ts';
import type { Metrics } from '../contract/metrics.ts';
import type { Books, History, Operations } from '../contract/operations.ts';
import type { QueueStatus } from '../contract/queue-status.ts';
import type { DispatchLag, TypeStatus, TypeTotals } from '../contract/watch.ts';
import { historyMetrics } from './history-metrics.ts';
import { jobMetrics } from './job-metrics.ts';
import { gaugesOf, queueGauges, typeGauges } from './queue-metrics.ts';
import { readServers, type Servers, type ServersSource, serverMetrics } from './server-metrics.ts';

/** Gauges of prom-client that are named like counters; the same by type is there beside them. */
const misnamed = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

/** Counts are asked of the ledger at most this often, in milliseconds, however many scrape. */
const freshMs = 2_000;

export type MetricsSource = Pick<
  Operations,
  'queues' | 'types' | 'totals' | 'dispatchLags' | 'workers' | 'repairCounts' | 'books' | 'alarms' | 'history'
>;

/** What one refresh reads. */
interface Readings {
  queues: QueueStatus[];
  types: TypeStatus[];
  totals: TypeTotals[];
  dispatchLags: DispatchLag[];
  workers: WorkerStatus[];
  repairs: { kind: string; jobs: number }[];
  books: Books | null;
  alarms: Alarm[];
  history: History;
  servers: Servers;
}

/** Builds the registry. The gauges are read from the ledger when somebody scrapes, so they cost nothing otherwise. */
export function createMetrics(source: ServersSource & { operations: MetricsSource }): Metrics {
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  for (const name of misnamed) ofProcess.removeSingleMetric(name);
  const registry = new Registry();
  const requests = new Histogram({
    name: 'twolane_http_request_seconds',
    help: 'Duration of HTTP requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const gauges = [
    queueGauges(registry),
    typeGauges(registry),
    jobMetrics(registry),
    watchGauges(registry),
    alarmGauge(registry),
    historyMetrics(registry),
    serverMetrics(registry),
  ];
  const refresh = (readings: Readings) => gauges.forEach((set) => void set(readings));
  let readAt = 0;
  return {
    async scrape(of = 'installation') {
      const { contentType } = registry;
      if (of === 'process') return { text: await ofProcess.metrics(), contentType };
      if (Date.now() - readAt > freshMs) {
        refresh(await readAll(source));
        readAt = Date.now();
      }
      return { text: await Registry.merge([ofProcess, registry]).metrics(), contentType };
    },
    request: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
  };
}

async function readAll(source: ServersSource & { operations: MetricsSource }): Promise<Readings> {
  const { operations } = source;
  const [queues, types, totals, dispatchLags, workers, repairs, books, alarms, history, servers] = await Promise.all([
    operations.queues(),
    operations.types(),
    operations.totals(),
    operations.dispatchLags(),
    operations.workers(),
    operations.repairCounts(),
    operations.books(),
    operations.alarms(),
    operations.history(),
    readServers(source),
  ]);
  return { queues, types, totals, dispatchLags, workers, repairs, books, alarms, history, servers };
}

/** What the platform knows of itself: consumers, sums, repairs. */
function watchGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const silent = gauge(
    'consumer_silent_seconds',
    'Since a consumer was last given anything, even a probe: the worst of the queue.',
  );
  const late = gauge('consumers_late', 'Consumers that should have been given something and were not.');
  const rebuilds = gauge('consumer_rebuilds', 'How often the consumers of live processes were made anew.');
  const unaccounted = gauge('jobs_unaccounted', 'Jobs accepted and neither live nor settled; must be 0.', []);
  const repaired = gauge('jobs_repaired', 'Jobs that were not as they must be and were put right.', ['kind']);
  return ({ queues, workers, books, repairs }: Readings) => {
    for (const metric of [silent, late, rebuilds, repaired]) metric.reset();
    const consumers = workers.flatMap((worker) => worker.queues);
    for (const { lane, queue } of queues) {
      const own = consumers.filter((consumer) => consumer.queue === `${lane}/${queue}`);
      const silences = own.map((consumer) => consumer.silentMs / 1_000);
      if (silences.length > 0) silent.set({ lane, queue }, Math.max(...silences));
      late.set({ lane, queue }, own.filter((consumer) => consumer.late !== null).length);
      rebuilds.set(
        { lane, queue },
        own.reduce((sum, consumer) => sum + consumer.rebuilds, 0),
      );
    }
    if (books) unaccounted.set(books.unaccounted);
    for (const { kind, jobs } of repairs) repaired.set({ kind }, jobs);
  };
}

function alarmGauge(registry: Registry) {
  const alarm = new Gauge({
    name: 'twolane_alarm',
    help: '1 while GET /v1/alarms lists it: somebody has to act.',
    labelNames: ['code', 'target'],
    registers: [registry],
  });
  return ({ alarms }: Readings) => {
    alarm.reset();
    for (const { code, target } of alarms) alarm.set({ code, target }, 1);
  };
}

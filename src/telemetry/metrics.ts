/** Prometheus metrics: what the ledger counts per queue, how requests go, and the process itself. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Alarm, WorkerStatus } from '../contract/fleet.ts';
import type { Metrics } from '../contract/metrics.ts';
import type { Conservation, History, Operations } from '../contract/operations.ts';
import type { QueueStatus } from '../contract/queue-status.ts';
import type { TypeStatus } from '../contract/watch.ts';
import { splitQueuePath } from '../contract/words.ts';
import { historyMetrics } from './history-metrics.ts';

/** Counts are asked of the ledger at most this often, in milliseconds, however many scrape. */
const freshMs = 2_000;

export type MetricsSource = Pick<
  Operations,
  'queues' | 'types' | 'workers' | 'repairCounts' | 'conservation' | 'alarms' | 'history'
>;

/** What one refresh reads. */
interface Readings {
  queues: QueueStatus[];
  types: TypeStatus[];
  workers: WorkerStatus[];
  repairs: { kind: string; jobs: number }[];
  conservation: Conservation;
  alarms: Alarm[];
  history: History;
}

/** Builds the registry. The gauges are read from the ledger when somebody scrapes, so they cost nothing otherwise. */
export function createMetrics({ operations }: { operations: MetricsSource }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
    watchGauges(registry),
    alarmGauge(registry),
    historyMetrics(registry),
  ];
  const refresh = (readings: Readings) => gauges.forEach((set) => void set(readings));
  let readAt = 0;
  return {
    async scrape() {
      if (Date.now() - readAt > freshMs) {
        refresh(await readAll(operations));
        readAt = Date.now();
      }
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    request: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
  };
}

async function readAll(operations: MetricsSource): Promise<Readings> {
  const [queues, types, workers, repairs, conservation, alarms, history] = await Promise.all([
    operations.queues(),
    operations.types(),
    operations.workers(),
    operations.repairCounts(),
    operations.conservation(),
    operations.alarms(),
    operations.history(),
  ]);
  return { queues, types, workers, repairs, conservation, alarms, history };
}

function gaugesOf(registry: Registry) {
  return (name: string, help: string, labelNames: string[] = ['lane', 'queue']) =>
    new Gauge({ name: `twolane_${name}`, help, labelNames, registers: [registry] });
}

function queueGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const jobs = gauge('queue_jobs', 'Jobs by state, up to the cap of counting.', ['lane', 'queue', 'state']);
  const perQueue: readonly [Gauge, (queue: QueueStatus) => number][] = [
    [gauge('queue_oldest_seconds', 'Age of the oldest job that could run.'), (queue) => (queue.oldestMs ?? 0) / 1_000],
    [gauge('queue_paused', '1 while the queue is paused.'), (queue) => Number(queue.paused)],
    [gauge('queue_held', '1 while the window of the broker is full.'), (queue) => Number(queue.held)],
    [gauge('queue_refusing', '1 while new jobs are refused.'), (queue) => Number(queue.refusing !== null)],
    [gauge('queue_workers', 'Live worker processes.'), (queue) => queue.workers],
    [gauge('queue_concurrency', 'Jobs that those processes can run at once.'), (queue) => queue.concurrency],
    [gauge('queue_enqueued_per_second', 'Over the last minute.'), (queue) => queue.enqueuedPerS],
    [gauge('queue_finished_per_second', 'Over the last minute.'), (queue) => queue.finishedPerS],
    [gauge('queue_failed_per_second', 'Over the last minute.'), (queue) => queue.failedPerS],
    [gauge('broker_ready', 'In the broker, given to nobody.'), (queue) => queue.broker?.ready ?? 0],
    [gauge('broker_unacked', 'Given to a worker and not acked.'), (queue) => queue.broker?.unacked ?? 0],
  ];
  return ({ queues }: Readings) => {
    for (const metric of [jobs, ...perQueue.map(([each]) => each)]) metric.reset();
    for (const status of queues) {
      const labels = { lane: status.lane, queue: status.queue };
      for (const [state, count] of Object.entries(status.counts)) jobs.set({ ...labels, state }, count);
      for (const [metric, read] of perQueue) metric.set(labels, read(status));
    }
  };
}

/** Per job type: its budget and how its jobs wait and run. */
function typeGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const place = ['lane', 'queue', 'type'];
  const burn = gauge('budget_burn', '1 when 5 % of the starts were later than the budget.', [...place, 'window']);
  const budget = gauge('budget_seconds', 'How late a job of the type may start.', place);
  const wait = gauge('type_wait_seconds', 'From ready to start, last 5 minutes.', [...place, 'quantile']);
  const run = gauge('type_run_seconds', 'From start to end, last 5 minutes.', [...place, 'quantile']);
  const setAll = (metric: Gauge, labels: object, name: string, values: Record<string, number | null>) => {
    for (const [key, value] of Object.entries(values))
      if (value !== null) metric.set({ ...labels, [name]: key }, value);
  };
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  return ({ types }: Readings) => {
    for (const metric of [burn, budget, wait, run]) metric.reset();
    for (const one of types) {
      const labels = { ...splitQueuePath(one.queue), type: one.type };
      budget.set(labels, one.budgetMs / 1_000);
      setAll(burn, labels, 'window', { '1m': one.burn1m, '1h': one.burn1h });
      setAll(wait, labels, 'quantile', { '0.5': seconds(one.p50WaitMs), '0.95': seconds(one.p95WaitMs) });
      setAll(run, labels, 'quantile', { '0.5': seconds(one.p50RunMs), '0.95': seconds(one.p95RunMs) });
    }
  };
}

/** What the platform knows of itself: consumers, sums, repairs. */
function watchGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const late = gauge('consumers_late', 'Consumers that should have been given something and were not.');
  const rebuilds = gauge('consumer_rebuilds', 'How often the consumers of live processes were made anew.');
  const unaccounted = gauge('jobs_unaccounted', 'Jobs accepted and neither live nor settled; must be 0.', []);
  const repaired = gauge('jobs_repaired', 'Jobs that were not as they must be and were put right.', ['kind']);
  return ({ queues, workers, conservation, repairs }: Readings) => {
    for (const metric of [late, rebuilds, repaired]) metric.reset();
    const consumers = workers.flatMap((worker) => worker.queues);
    for (const { lane, queue } of queues) {
      const own = consumers.filter((consumer) => consumer.queue === `${lane}/${queue}`);
      late.set({ lane, queue }, own.filter((consumer) => consumer.late !== null).length);
      rebuilds.set(
        { lane, queue },
        own.reduce((sum, consumer) => sum + consumer.rebuilds, 0),
      );
    }
    unaccounted.set(conservation.unaccounted);
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

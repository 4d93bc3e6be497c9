/** Prometheus metrics: what the ledger counts per queue, how requests go, and the process itself. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Alarm } from '../contract/fleet.ts';
import type { Operations, QueueStatus } from '../contract/ledger.ts';
import type { Metrics } from '../contract/metrics.ts';

/** Counts are asked of the ledger at most this often, in milliseconds, however many scrape. */
const freshMs = 2_000;

/** Builds the registry. The gauges are read from the ledger when somebody scrapes, so they cost nothing otherwise. */
export function createMetrics({
  operations,
}: {
  operations: Pick<Operations, 'queues' | 'conservation' | 'alarms'>;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'twolane_http_request_seconds',
    help: 'Duration of HTTP requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const refresh = queueGauges(registry);
  const refreshAlarms = alarmGauge(registry);
  let readAt = 0;
  return {
    async scrape() {
      if (Date.now() - readAt > freshMs) {
        refresh(await operations.queues(), await operations.conservation());
        refreshAlarms(await operations.alarms());
        readAt = Date.now();
      }
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    request: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
  };
}

function queueGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = ['lane', 'queue']) =>
    new Gauge({ name: `twolane_${name}`, help, labelNames, registers: [registry] });
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
  const unaccounted = gauge('jobs_unaccounted', 'Jobs accepted and neither live nor settled; must be 0.', []);
  return (queues: QueueStatus[], conservation: { unaccounted: number }) => {
    for (const metric of [jobs, ...perQueue.map(([each]) => each)]) metric.reset();
    for (const status of queues) {
      const labels = { lane: status.lane, queue: status.queue };
      for (const [state, count] of Object.entries(status.counts)) jobs.set({ ...labels, state }, count);
      for (const [metric, read] of perQueue) metric.set(labels, read(status));
    }
    unaccounted.set(conservation.unaccounted);
  };
}

function alarmGauge(registry: Registry) {
  const alarm = new Gauge({
    name: 'twolane_alarm',
    help: '1 while GET /v1/alarms lists it: somebody has to act.',
    labelNames: ['code', 'target'],
    registers: [registry],
  });
  return (alarms: readonly Alarm[]) => {
    alarm.reset();
    for (const { code, target } of alarms) alarm.set({ code, target }, 1);
  };
}

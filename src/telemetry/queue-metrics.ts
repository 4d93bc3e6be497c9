/** What waits and runs in each queue, and how its job types fare, as of now. */
import { Gauge, type Registry } from 'prom-client';
import type { QueueStatus } from '../contract/queue-status.ts';
import type { DispatchLag, TypeStatus } from '../contract/watch.ts';
import { splitQueuePath } from '../contract/words.ts';

/** Makes gauges whose names begin with the prefix of all of ours. */
export function gaugesOf(registry: Registry) {
  return (name: string, help: string, labelNames: string[] = ['lane', 'queue']) =>
    new Gauge({ name: `twolane_${name}`, help, labelNames, registers: [registry] });
}

export function queueGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const jobs = gauge('queue_jobs', 'Jobs by state, up to the cap of counting.', ['lane', 'queue', 'state']);
  const lag = gauge('dispatch_lag_seconds', 'Since when the first job in line could have been given to the broker.');
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
    [
      gauge('queue_backlog_seconds', 'How long the workers of now need for what waits: what to scale by.'),
      (queue) => queue.backlogMs / 1_000,
    ],
    [gauge('broker_ready', 'In the broker, given to nobody.'), (queue) => queue.broker?.ready ?? 0],
    [gauge('broker_unacked', 'Given to a worker and not acked.'), (queue) => queue.broker?.unacked ?? 0],
  ];
  return ({ queues, dispatchLags }: { queues: readonly QueueStatus[]; dispatchLags: readonly DispatchLag[] }) => {
    for (const { queue, lagMs } of dispatchLags) lag.set(splitQueuePath(queue), lagMs / 1_000);
    for (const metric of [jobs, ...perQueue.map(([each]) => each)]) metric.reset();
    for (const status of queues) {
      const labels = { lane: status.lane, queue: status.queue };
      for (const [state, count] of Object.entries(status.counts)) jobs.set({ ...labels, state }, count);
      for (const [metric, read] of perQueue) metric.set(labels, read(status));
    }
  };
}

/** Per job type: its budget, and how fast it burns. */
export function typeGauges(registry: Registry) {
  const gauge = gaugesOf(registry);
  const place = ['lane', 'queue', 'type'];
  const burn = gauge('budget_burn', '1 when 5 % of the starts were later than the budget.', [...place, 'window']);
  const budget = gauge('budget_seconds', 'How late a job of the type may start.', place);
  return ({ types }: { types: readonly TypeStatus[] }) => {
    for (const metric of [burn, budget]) metric.reset();
    for (const { queue, type, budgetMs, burn1m, burn1h } of types) {
      const labels = { ...splitQueuePath(queue), type };
      budget.set(labels, budgetMs / 1_000);
      for (const [window, value] of [
        ['1m', burn1m],
        ['1h', burn1h],
      ] as const)
        if (value !== null) burn.set({ ...labels, window }, value);
    }
  };
}

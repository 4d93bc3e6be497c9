/** What became of jobs, by lane, queue and type: the ledger counts over all workers, this gives it out. */
import { Counter, type Registry } from 'prom-client';
import type { TypeTotals } from '../contract/watch.ts';
import { splitQueuePath } from '../contract/words.ts';
import { countedHistogram } from './counted-histogram.ts';

const place = ['lane', 'queue', 'type'];

export function jobMetrics(registry: Registry) {
  const counter = (name: string, help: string, labelNames = place) =>
    new Counter({ name: `twolane_job_${name}_total`, help, labelNames, registers: [registry] });
  const waits = countedHistogram(
    registry,
    'twolane_job_wait_seconds',
    'From when only its turn was missing to its start.',
  );
  const runs = countedHistogram(registry, 'twolane_job_run_seconds', 'From the start of an attempt to its end.');
  const attempts = counter('attempts', 'Attempts by how they ended; fenced: the job was elsewhere.', [
    ...place,
    'outcome',
  ]);
  const late = counter('late_starts', 'Starts later than the latency budget of the type.');
  const redelivered = counter('redeliveries', 'Deliveries that the broker had given out before.');
  return ({ totals }: { totals: readonly TypeTotals[] }) => {
    const labelled = totals.map((one) => ({ ...one, labels: { ...splitQueuePath(one.queue), type: one.type } }));
    waits(labelled.map(({ labels, waits: counts, waitS: sumS }) => ({ labels, counts, sumS })));
    runs(labelled.map(({ labels, runs: counts, runS: sumS }) => ({ labels, counts, sumS })));
    for (const metric of [attempts, late, redelivered]) metric.reset();
    for (const one of labelled) {
      for (const [outcome, count] of Object.entries(one.endings)) attempts.inc({ ...one.labels, outcome }, count);
      late.inc(one.labels, one.late);
      redelivered.inc(one.labels, one.redelivered);
    }
  };
}

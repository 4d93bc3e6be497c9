/** What retention keeps and what it dropped, for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { History } from '../contract/operations.ts';

export function historyMetrics(registry: Registry) {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `twolane_history_${name}`, help, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `twolane_retention_dropped_${name}_total`, help, labelNames: ['reason'], registers });
  const jobs = gauge('jobs', "Jobs that the ledger keeps, by PostgreSQL's estimate.");
  const bytes = gauge('bytes', "Bytes of the ledger's history, with indexes.");
  const dropped = {
    days: counter('partitions', 'Partitions of history, a day each, that retention dropped.'),
    jobs: counter('jobs', 'Jobs in those days.'),
    bytes: counter('bytes', 'Bytes of those days.'),
  };
  return ({ history }: { history: History }) => {
    jobs.set(history.jobs);
    bytes.set(history.bytes);
    for (const [what, metric] of Object.entries(dropped)) {
      // The ledger counts; what was counted here before is the same again.
      metric.reset();
      for (const one of history.dropped) metric.inc({ reason: one.reason }, one[what as keyof typeof dropped]);
    }
  };
}

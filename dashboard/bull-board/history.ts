/** bull-board's charts over what the scheduler measured: jobs that ended, ages and times, by the hour or the day. */
import type { MetricsHistoryProvider } from '@bull-board/api/typings/app';
import { percentile, sumOf } from '../../src/contract/histogram.ts';
import type { Measurement } from '../../src/contract/measurement.ts';
import type { Operations } from '../../src/contract/operations.ts';
import type { LaneName } from '../../src/contract/words.ts';

const stepsMs = { hour: 3_600_000, day: 86_400_000 } as const;
/** Nothing is kept for longer. */
const longestMs = 31 * stepsMs.day;

interface Stretch {
  queue?: string;
  from: number;
  to: number;
}

export function boardHistory(operations: Pick<Operations, 'measurements'>): MetricsHistoryProvider {
  const read = ({ queue, from, to }: Stretch, stepMs: number) => {
    const [lane, name] = queue === undefined ? [] : [queue.split('.', 1)[0], queue.slice(queue.indexOf('.') + 1)];
    return operations.measurements({
      from: new Date(Math.max(from, Date.now() - longestMs)),
      to: new Date(to + 1),
      stepMs,
      lane: lane as LaneName | undefined,
      queue: name,
    });
  };
  return {
    async getHistory({ metric, granularity, ...stretch }) {
      const steps = await read(stretch, stepsMs[granularity]);
      return steps.map((step) => ({ ts: Date.parse(step.at), value: readingOf[metric](step) }));
    },
    async getLatency({ metric, granularity, percentiles, ...stretch }) {
      const steps = await read(stretch, granularity === 'day' ? stepsMs.day : stepsMs.hour);
      const times = steps.map((step) => ({
        ts: Date.parse(step.at),
        histogram: metric === 'runtime' ? step.runs : step.waits,
      }));
      const all = { ts: times[0]?.ts ?? stretch.from, histogram: sumOf(times.map(({ histogram }) => histogram)) };
      return (granularity === 'range' ? [all] : times).flatMap(({ ts, histogram }) => {
        const count = histogram.reduce((sum, n) => sum + n, 0);
        const values = percentiles.map((p) => [String(p), percentile(histogram, p / 100) ?? 0] as const);
        return count === 0 ? [] : [{ ts, count, values: Object.fromEntries(values) }];
      });
    },
  };
}

const readingOf: Readonly<Record<'completed' | 'failed' | 'queueage', (step: Measurement) => number>> = {
  completed: ({ succeeded }) => succeeded,
  failed: ({ failed }) => failed,
  queueage: ({ oldestMs }) => oldestMs,
};

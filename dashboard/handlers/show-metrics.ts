/** How queues, or one job type, fared over a stretch of time: rates, failures, waits, runs and ages, in some 60 to 180 steps. */
import { z } from 'zod';
import { percentile } from '../../src/contract/histogram.ts';
import type { Measurement } from '../../src/contract/measurement.ts';
import { laneNames } from '../../src/contract/words.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type MetricsRange, metricsRanges, ranges } from '../ranges.ts';
import { type Services, tag } from '../services.ts';

/** One step as the charts show it. Null: nothing that it could be told of. */
export interface MetricsPoint {
  at: string;
  /** Of queues; 0 for a job type. */
  enqueuedPerS: number;
  startedPerS: number;
  finishedPerS: number;
  failedPerS: number;
  /** Failed attempts among those that ended, percent. */
  failedPercent: number | null;
  p50WaitMs: number | null;
  p95WaitMs: number | null;
  p99WaitMs: number | null;
  p50RunMs: number | null;
  p95RunMs: number | null;
  p99RunMs: number | null;
  /** Of a job type that of its queue. */
  oldestMs: number;
}

export interface ShownMetrics {
  from: string;
  to: string;
  stepMs: number;
  points: MetricsPoint[];
}

export const showMetrics = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/metrics',
    tag,
    summary: 'How queues fared over time',
    access: 'operator',
    scope: 'metrics:read',
    query: z.object({
      range: z.enum(metricsRanges).default('1h'),
      lane: z.enum(laneNames).optional(),
      queue: z.string().min(1).max(64).optional(),
      type: z.string().min(1).max(64).optional(),
    }),
    answer: { status: 200, description: '`{from, to, stepMs, points}`' },
    async handle({ query: { range, ...of } }) {
      const { from, to, stepMs } = stretch(range);
      const measured = await operations.measurements({ from, to, stepMs, ...of });
      const body: ShownMetrics = {
        from: from.toISOString(),
        to: to.toISOString(),
        stepMs,
        points: measured.map((one) => pointOf(one, secondsOf(one, stepMs, to))),
      };
      return { body };
    },
  });

function stretch(range: MetricsRange) {
  const { lengthMs, stepMs } = ranges[range];
  const to = new Date();
  return { from: new Date(to.getTime() - lengthMs), to, stepMs };
}

/** How much of the step has passed: the last one is still under way. */
function secondsOf({ at }: Measurement, stepMs: number, to: Date): number {
  return Math.max(1, Math.min(stepMs, to.getTime() - Date.parse(at)) / 1_000);
}

function pointOf(one: Measurement, seconds: number): MetricsPoint {
  const { at, enqueued, starts, succeeded, failed, waits, runs, oldestMs } = one;
  const ended = succeeded + failed;
  return {
    at,
    enqueuedPerS: enqueued / seconds,
    startedPerS: starts / seconds,
    finishedPerS: succeeded / seconds,
    failedPerS: failed / seconds,
    failedPercent: ended === 0 ? null : (failed / ended) * 100,
    p50WaitMs: percentile(waits, 0.5),
    p95WaitMs: percentile(waits, 0.95),
    p99WaitMs: percentile(waits, 0.99),
    p50RunMs: percentile(runs, 0.5),
    p95RunMs: percentile(runs, 0.95),
    p99RunMs: percentile(runs, 0.99),
    oldestMs,
  };
}

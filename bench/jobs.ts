/** The job types of the benchmark and their handlers: they do nothing, so that what is measured is the way there and back. */
import { z } from 'zod';
import { type Catalog, defineJob, type JobContext } from '../src/contract/index.ts';
import { doWork, type Kind, type WorkPayload, workPayload } from './lanes/work.ts';

const payload = z.object({ sentAt: z.number() });

export const benchJobs = {
  'bench-realtime': defineJob({ type: 'bench-realtime', lane: 'realtime', queue: 'bench', payload }),
  'bench-bulk': defineJob({ type: 'bench-bulk', lane: 'bulk', queue: 'bench', payload }),
  'bench-slow': defineJob({ type: 'bench-slow', lane: 'realtime', queue: 'slow', payload }),
  'bench-slow-bulk': defineJob({ type: 'bench-slow-bulk', lane: 'bulk', queue: 'slow', payload }),
  'bench-effect': defineJob({ type: 'bench-effect', lane: 'realtime', queue: 'effect', payload }),
  'bench-batch': defineJob({
    type: 'bench-batch',
    lane: 'realtime',
    queue: 'batch',
    payload,
    batch: { size: 100, waitMs: 20 },
  }),
  // Limits that never bite: what they cost is what is measured.
  'bench-limited': defineJob({
    type: 'bench-limited',
    lane: 'realtime',
    queue: 'limited',
    payload,
    limits: { concurrency: 5_000, rate: { count: 1_000_000, perMs: 1_000 } },
  }),
  'bench-limited-keys': defineJob({
    type: 'bench-limited-keys',
    lane: 'realtime',
    queue: 'limited-keys',
    payload,
    limits: { perKey: { concurrency: 2 } },
  }),
  'work-message': defineJob({
    type: 'work-message',
    lane: 'realtime',
    queue: 'message',
    payload: workPayload,
    priority: 'high',
  }),
  'work-page': defineJob({ type: 'work-page', lane: 'realtime', queue: 'page', payload: workPayload }),
  'work-video': defineJob({ type: 'work-video', lane: 'bulk', queue: 'video', payload: workPayload }),
} as const satisfies Catalog;
/** Those that measure the way alone. */
export type BenchType = Exclude<keyof typeof benchJobs, `work-${Kind}`>;

export const slowMs = 20;

/** Milliseconds since 1970 with fractions; comparable between processes of one machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** What a worker process counted. `waits` are milliseconds from enqueue to start. */
export interface Counted {
  done: number;
  waits: number[];
  urgentWaits: number[];
}

export function benchHandlers(counted: Counted, keepWaits: boolean) {
  const slow = async (job: { sentAt: number }, context: JobContext<void>) => {
    note(job);
    if (context.tenant === 'urgent') counted.urgentWaits.push(nowMs() - job.sentAt);
    await new Promise((resolve) => setTimeout(resolve, slowMs));
  };
  const note = ({ sentAt }: { sentAt: number }) => {
    counted.done += 1;
    if (keepWaits) counted.waits.push(nowMs() - sentAt);
  };
  const work =
    (kind: Kind) =>
    (payload: WorkPayload, { signal }: JobContext<void>) =>
      doWork(kind, payload, signal);
  return {
    'work-message': work('message'),
    'work-page': work('page'),
    'work-video': work('video'),
    'bench-realtime': async (job: { sentAt: number }) => note(job),
    'bench-bulk': async (job: { sentAt: number }) => note(job),
    'bench-batch': async (items: readonly { payload: { sentAt: number } }[]) => {
      for (const item of items) note(item.payload);
    },
    'bench-limited': async (job: { sentAt: number }) => note(job),
    'bench-limited-keys': async (job: { sentAt: number }) => note(job),
    'bench-slow': slow,
    'bench-slow-bulk': slow,
    'bench-effect': async (job: { sentAt: number }, context: JobContext<void>) => {
      await context.settle(async (tx) => {
        await tx.query('insert into bench_effects (job) values ($1)', [context.id]);
      });
      note(job);
    },
  };
}

/** The lanes that every promise of a job type is checked on, and an installation with a small catalog of test jobs on one of them. */
import { z } from 'zod';
import {
  type Catalog,
  defineJob,
  type JobContext,
  type JobDetail,
  type JobState,
  type LaneName,
  NonRetryableError,
  silentLogger,
} from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { until } from './stack.ts';

/** Memory, RabbitMQ and BullMQ: what holds on one must hold on all. */
export const laneCases = [
  { name: 'memory', lane: 'realtime', memory: true },
  { name: 'real-time (RabbitMQ)', lane: 'realtime', memory: false },
  { name: 'bulk (BullMQ)', lane: 'bulk', memory: false },
] as const;
export type LaneCase = (typeof laneCases)[number];

export const payload = z.object({
  name: z.string(),
  /** Fails in these attempts; `for ever` in all. */
  fails: z.union([z.array(z.number()), z.literal('for ever'), z.literal('non-retryable')]).optional(),
  /** Works this long, milliseconds, and stops when it is told to. */
  takesMs: z.number().optional(),
  /** Does not listen when it is told to stop. */
  deaf: z.boolean().optional(),
});

/** One start of a handler, as the handler saw it. */
export interface Run {
  name: string;
  attempt: number;
  fence: number;
  startedAt: number;
  scheduledFor?: Date;
  finishedAt?: number;
  stoppedBy?: unknown;
}

export function testCatalog(lane: LaneName) {
  const common = { lane, payload, backoff: { delayMs: 60, maxMs: 200 }, maxAttempts: 3, killAfterMs: 500 } as const;
  return {
    work: defineJob({ ...common, type: 'work', queue: 'work' }),
    single: defineJob({ ...common, type: 'single', queue: 'single' }),
    internal: defineJob({ ...common, type: 'internal', queue: 'work', internal: true }),
  } satisfies Catalog;
}

/** Runs the payload's little script and writes down what happened. */
export function scriptedHandler(runs: Run[]) {
  return async (script: z.output<typeof payload>, context: JobContext<void>): Promise<void> => {
    const { attempt, fence, scheduledFor } = context;
    const run: Run = { name: script.name, attempt, fence, startedAt: Date.now(), scheduledFor };
    runs.push(run);
    context.signal.addEventListener('abort', () => {
      run.stoppedBy = context.signal.reason;
    });
    context.progress(50, `half of ${script.name}`);
    context.log('A line from the handler', { attempt: context.attempt });
    if (script.takesMs) await takeTime(script.takesMs, script.deaf ? undefined : context.signal);
    run.finishedAt = Date.now();
    if (script.fails === 'non-retryable') throw new NonRetryableError('This can never work');
    if (script.fails === 'for ever' || script.fails?.includes(context.attempt))
      throw new Error(`Attempt ${context.attempt} failed`);
  };
}

async function takeTime(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

export interface LaneApp extends TestApp {
  jobs: ReturnType<typeof testCatalog>;
  runs: Run[];
  /** Waits until a job is in one of the states and answers it. */
  reaches(id: string, ...states: JobState[]): Promise<JobDetail>;
  runsOf(name: string): Run[];
}

/** An installation with the test catalog on one lane; queue `single` runs one job at a time. */
export async function startLaneApp(laneCase: LaneCase, options: TestAppOptions = {}): Promise<LaneApp> {
  const jobs = testCatalog(laneCase.lane);
  const runs: Run[] = [];
  const handler = scriptedHandler(runs);
  const app = await startTestApp({
    http: false,
    worker: false,
    ...options,
    overrides: {
      catalog: jobs,
      handlers: () => ({ work: handler, single: handler, internal: handler }),
      product: undefined,
      lanes: laneCase.memory ? { realtime: memoryLane({ name: 'realtime' }) } : {},
      ...options.overrides,
    },
  });
  const workers =
    options.worker === false
      ? []
      : [
          app.twolane.worker({ queues: ['work'], concurrency: 20 }),
          app.twolane.worker({ queues: ['single'], concurrency: 1 }),
        ];
  for (const worker of workers) await worker.start();
  return {
    ...app,
    jobs,
    runs,
    runsOf: (name) => runs.filter((run) => run.name === name),
    reaches: (id, ...states) => reaches(app.twolane, id, states),
    async stop() {
      for (const worker of workers) await worker.stop();
      await app.stop();
    },
  };
}

export async function reaches(twolane: Twolane, id: string, states: readonly JobState[]): Promise<JobDetail> {
  let last: JobDetail | undefined;
  await until(`job ${id} is ${states.join(' or ')}`, async () => {
    last = await twolane.operations.get(id);
    return last && states.includes(last.state);
  }).catch((error: Error) => {
    throw new Error(
      `${error.message}; it is ${last?.state} after attempt ${last?.attempt}: ${last?.error?.message ?? last?.reason}`,
    );
  });
  return last as JobDetail;
}

/** Enqueues into the same installation through connections and batches of its own, as another process would. */
export function enqueueBeside(app: LaneApp): { twolane: Twolane; close(): Promise<void> } {
  const { lanes, catalog } = app.twolane;
  const twolane = createApp(app.config, {
    logger: silentLogger,
    catalog,
    handlers: () => ({}),
    product: undefined,
    lanes: Object.fromEntries(lanes),
  });
  return { twolane, close: () => twolane.database.close() };
}

/** What may happen to jobs, at random, for the properties of their life and of their dispatch. */
import fc from 'fast-check';
import type { NewJob, PauseTarget, Priority } from '../../src/contract/index.ts';

export const lifeQueues = ['realtime/life', 'bulk/life'] as const;
export const outcomes = ['succeeded', 'retry', 'retry later', 'dead', 'cancelled', 'released'] as const;

/** A row, but for the moment at which it expires. */
export type AskedJob = NewJob & { expiresInMs?: number };

export type LifeEvent =
  | { kind: 'enqueue'; jobs: AskedJob[] }
  | { kind: 'turn' | 'claim'; most: number; worker: number }
  /** Told by who holds the claim at place `of`; or, late, by somebody whose job has a new holder by now. */
  | { kind: 'settle' | 'settle late'; of: number; outcome: (typeof outcomes)[number] }
  | { kind: 'cancel' | 'revive' | 'discard' | 'restore'; of: number }
  | { kind: 'pause' | 'resume'; target: PauseTarget }
  /** The process of a worker is judged dead. Its claims may still be settled: it was frozen only. */
  | { kind: 'bury'; worker: number }
  | { kind: 'wait'; ms: number };

export const pauseTargets: readonly PauseTarget[] = [...lifeQueues, { type: 'plain' }, { key: 'k1' }];

/** A row as the enqueuer makes it. */
export function newJob(given: Partial<AskedJob>): AskedJob {
  return {
    type: 'plain',
    version: 1,
    queue: 'realtime/life',
    priority: 'normal',
    payload: {},
    maxAttempts: 2,
    timeoutMs: 1_000,
    ...given,
  };
}

const job: fc.Arbitrary<AskedJob> = fc
  .record(
    {
      type: fc.constantFrom('plain', 'other'),
      queue: fc.constantFrom(...lifeQueues),
      priority: fc.constantFrom<Priority>('urgent', 'normal', 'low'),
      key: fc.constantFrom('k1', 'k1', 'k2'),
      tenant: fc.constantFrom('t1', 't2'),
      delayMs: fc.constantFrom(0, 0, 0, 500, 5_000),
      expiresInMs: fc.constantFrom(300, 90_000, 90_000, 90_000),
    },
    { requiredKeys: [] },
  )
  .map((given) => newJob(given));

const place = fc.nat(40);
const worker = fc.nat(1);
const most = fc.integer({ min: 1, max: 6 });

const jobs = (atLeast: number) => fc.array(job, { minLength: atLeast, maxLength: atLeast + 2 });
const enqueue = (atLeast: number) => fc.record({ kind: fc.constant('enqueue' as const), jobs: jobs(atLeast) });
const settle = (kind: 'settle' | 'settle late') =>
  fc.record({ kind: fc.constant(kind), of: place, outcome: fc.constantFrom(...outcomes) });

const event: fc.Arbitrary<LifeEvent> = fc.oneof(
  { weight: 2, arbitrary: enqueue(1) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn' as const), most, worker }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('claim' as const), most, worker }) },
  { weight: 5, arbitrary: settle('settle') },
  { weight: 3, arbitrary: settle('settle late') },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('cancel', 'revive', 'revive', 'discard', 'restore'), of: place }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('pause', 'resume'), target: fc.constantFrom(...pauseTargets) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('bury' as const), worker }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(400, 1_000, 30_000) }) },
);

/** Something to do first, or most of what follows would happen to nothing. */
export const lives: fc.Arbitrary<LifeEvent[]> = fc
  .tuple(enqueue(3), fc.array(event, { minLength: 15, maxLength: 40, size: 'max' }))
  .map(([first, events]) => [first, ...events]);

const settle0 = (outcome: (typeof outcomes)[number]): LifeEvent => ({ kind: 'settle', of: 0, outcome });

/** Histories that once went wrong. The first of a key came back from the dead while the second ran, which then ended without an end. */
export const examples: [LifeEvent[]][] = [
  settle0('retry'),
  settle0('released'),
  { kind: 'bury', worker: 0 } as const,
].map((end) => [
  [
    { kind: 'enqueue', jobs: [newJob({ key: 'k1' }), newJob({ key: 'k1' })] },
    { kind: 'claim', most: 1, worker: 0 },
    settle0('dead'),
    { kind: 'claim', most: 1, worker: 0 },
    { kind: 'revive', of: 0 },
    { kind: 'claim', most: 1, worker: 1 },
    end,
  ],
]);

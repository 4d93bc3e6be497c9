/** Random work for the dispatcher: types with and without limits, priorities, tenants and keys, workers that come and go. */
import fc from 'fast-check';
import { z } from 'zod';
import { type Catalog, defineJob, type Limits, limitedKeys, type Priority } from '../../src/contract/index.ts';
import { type AskedJob, newJob } from './life-histories.ts';

const limited = (type: string, limits?: Limits) =>
  defineJob({ type, lane: 'realtime', queue: 'life', payload: z.object({}), ...(limits && { limits }) });

export const dispatched = {
  plain: limited('plain'),
  few: limited('few', { concurrency: 2 }),
  rated: limited('rated', { rate: { count: 3, perMs: 10_000 } }),
  'few-per-key': limited('few-per-key', { perKey: { concurrency: 2 } }),
  'rated-per-key': limited('rated-per-key', { perKey: { rate: { count: 2, perMs: 10_000 } } }),
} satisfies Catalog;
export type DispatchedType = keyof typeof dispatched;

export type DispatchEvent =
  | { kind: 'enqueue'; jobs: AskedJob[] }
  | { kind: 'turn'; window: number }
  | { kind: 'claim'; most: number }
  /** So many of the jobs that run end well. */
  | { kind: 'finish'; most: number }
  | { kind: 'wait'; ms: number };

/** Turns show only where a tenant has several jobs that nothing but the order tells apart. */
const plenty = new Array<DispatchedType>(8).fill('plain');

const job: fc.Arbitrary<AskedJob> = fc
  .record(
    {
      type: fc.constantFrom<DispatchedType>(...plenty, 'few', 'rated', 'few-per-key', 'rated-per-key'),
      priority: fc.constantFrom<Priority>('urgent', 'normal', 'normal', 'normal', 'low'),
      tenant: fc.constantFrom('t1', 't2'),
      key: fc.constantFrom('k1', 'k2'),
      expiresInMs: fc.constantFrom(500, 90_000, 90_000),
    },
    { requiredKeys: ['type', 'tenant'] },
  )
  .map(({ type, key, ...given }) =>
    newJob({ ...given, type, ...(type !== 'plain' && limitedKeys(dispatched[type].limits, key)) }),
  );

const most = fc.integer({ min: 1, max: 8 });

const enqueue = (atLeast: number) =>
  fc.record({
    kind: fc.constant('enqueue' as const),
    jobs: fc.array(job, { minLength: atLeast, maxLength: 2 * atLeast, size: 'max' }),
  });

const event: fc.Arbitrary<DispatchEvent> = fc.oneof(
  { weight: 2, arbitrary: enqueue(4) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('turn' as const), window: most }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const), most }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('finish' as const), most }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(600, 4_000, 11_000) }) },
);

/** Something to do first, or most of what follows would happen to nothing. */
export const dispatches: fc.Arbitrary<DispatchEvent[]> = fc
  .tuple(enqueue(12), fc.array(event, { minLength: 8, maxLength: 20, size: 'max' }))
  .map(([first, events]) => [first, ...events]);

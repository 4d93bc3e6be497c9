/** Random flows and what may happen to them, for the property that no flow can hang. */
import fc from 'fast-check';
import { z } from 'zod';
import {
  defineJob,
  type Flow,
  type FlowJobOptions,
  type Json,
  type OnChildFailure,
  onChildFailures,
} from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { EndedJob } from '../../src/ledger/settle.ts';

export const member = {
  ...defineJob({
    type: 'member',
    lane: 'realtime',
    queue: 'flows',
    payload: z.enum(onChildFailures),
    maxAttempts: 2,
  }),
  // A counterexample shows the type's name instead of its schema.
  [fc.toStringMethod]: () => 'member',
};

const rule = fc.constantFrom(...onChildFailures);
const options: fc.Arbitrary<FlowJobOptions> = fc.record(
  {
    onChildFailure: rule,
    cancelChildren: fc.boolean(),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    delayMs: fc.constantFrom(1, 1_000, 3_600_000),
    tenant: fc.constantFrom('t1', 't2'),
  },
  { requiredKeys: ['onChildFailure'] },
);

/** Flows of a few jobs, of every form. */
export const flows: fc.Arbitrary<Flow> = fc.letrec<{ flow: Flow; job: Flow; forms: Flow }>((tie) => {
  const some = fc.array(tie('flow'), { minLength: 1, maxLength: 3 });
  // The payload is the rule, so that a claim tells it.
  const job = options.map((given) => ({ job: member, payload: given.onChildFailure, options: given }));
  return {
    job,
    forms: fc.oneof(
      some.map((chain) => ({ chain })),
      some.map((parallel) => ({ parallel })),
      fc.record({ chord: some, next: tie('flow') }),
      fc.tuple(job, some).map(([parent, children]) => ({ ...parent, children })),
    ),
    flow: fc.oneof({ depthSize: 'small', maxDepth: 3, withCrossShrink: true }, tie('job'), tie('forms')),
  };
}).flow;

export const fates = [
  'succeed',
  'succeed',
  'succeed',
  'die',
  'retry',
  'retry later',
  'cancelled',
  'released',
  'crash',
  'wait',
] as const;
export type Fate = (typeof fates)[number];

/** For so long a discarded job can be restored. */
export const undoMs = 60_000;

/** Happens while the jobs of a round end: to the job at place `target` (of those that exist), or a new job that waits for it. */
export type Deed =
  | { kind: 'cancel' | 'retry' | 'discard' | 'restore' | 'give up' | 'nothing' }
  | { kind: 'wait'; rule: (typeof onChildFailures)[number] };
export interface Round {
  /** Time that goes by before it. */
  waitMs: number;
  fates: Fate[];
  deeds: (Deed & { target: number })[];
}

export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    waitMs: fc.constantFrom(0, 1, 1_000, undoMs, 3_600_000),
    fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 5 }),
    deeds: fc.array(
      fc
        .tuple(
          fc.nat(60),
          fc.constantFrom('cancel', 'retry', 'discard', 'restore', 'give up', 'wait', 'nothing' as const),
          rule,
        )
        .map(([target, kind, ofWait]) => ({ target, kind, rule: ofWait }) as Deed & { target: number }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

const error = { name: 'Error', message: 'It failed' };

/** What the ledger is told of a fate; undefined for one whose process ends. `children`: what it has enqueued and waits for. */
export function ended(
  { id, fence, type, attempt, max_attempts, payload }: ClaimedJob,
  fate: Fate,
  children: readonly string[] = [],
): EndedJob | undefined {
  const job = { id, fence, type };
  switch (fate) {
    case 'succeed':
      return { ...job, outcome: { kind: 'succeeded', result: id as Json } };
    case 'retry':
    case 'retry later': {
      const delayMs = fate === 'retry' ? 0 : 5_000;
      if (attempt < max_attempts) return { ...job, outcome: { kind: 'retry', error, delayMs, timedOut: false } };
      return ended({ id, fence, type, attempt, max_attempts } as ClaimedJob, 'die');
    }
    case 'die':
      return { ...job, outcome: { kind: 'dead', error, timedOut: false } };
    case 'crash':
      return undefined;
    case 'wait':
      return { ...job, outcome: { kind: 'waits', children, onChildFailure: payload as OnChildFailure } };
    default:
      return {
        ...job,
        outcome: fate === 'released' ? { kind: 'released' } : { kind: 'cancelled', reason: 'cancelled' },
      };
  }
}

/** When a failed job runs again, and when it does not. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type BackoffOptions,
  completeBackoff,
  defineJob,
  longestDelayMs,
  type Outcome,
  outcomeOfError,
  RetryAfterError,
  type RetryRules,
  withJitter,
} from '../../../src/contract/index.ts';

const define = (options: { backoff?: BackoffOptions; maxAttempts?: number }) =>
  defineJob({ type: 'charge', lane: 'bulk', queue: 'money', payload: z.object({}), ...options });

function next(thrown: unknown, rules: Partial<Omit<RetryRules, 'backoff'>> & { backoff?: BackoffOptions }): Outcome {
  const { backoff, ...others } = rules;
  return outcomeOfError(thrown, { attempt: 1, maxAttempts: 20, backoff: completeBackoff(backoff), ...others });
}

function delays(backoff: BackoffOptions, attempts = 5): unknown[] {
  return Array.from({ length: attempts }, (_, index) => {
    const outcome = next(new Error('no'), { backoff, attempt: index + 1 });
    return outcome.kind === 'retry' ? outcome.delayMs : outcome.kind;
  });
}

describe('The delay before the next attempt', () => {
  test.each<[BackoffOptions, unknown[]]>([
    [{ jitter: 'none' }, [1_000, 2_000, 4_000, 8_000, 16_000]],
    [{ kind: 'exponential', delayMs: 10, maxMs: 50, jitter: 'none' }, [10, 20, 40, 50, 50]],
    [{ kind: 'linear', delayMs: 10, maxMs: 35, jitter: 'none' }, [10, 20, 30, 35, 35]],
    [{ kind: 'fixed', delayMs: 10, jitter: 'none' }, [10, 10, 10, 10, 10]],
    [{ kind: 'list', delaysMs: [5, 0, 7.4], jitter: 'none' }, [5, 0, 7, 7, 7]],
    [
      { kind: 'custom', delay: (attempt) => (attempt < 3 ? attempt * 100 : 'dead') },
      [100, 200, 'dead', 'dead', 'dead'],
    ],
  ])('of %j', (backoff, expected) => {
    expect(delays(backoff)).toEqual(expected);
  });

  test('loses to chance nothing, half of it or all of it', () => {
    const draws = [0, 0.5, 1].map((drawn) => () => drawn);
    expect(draws.map((random) => withJitter(100, 'none', random))).toEqual([100, 100, 100]);
    expect(draws.map((random) => withJitter(100, 'equal', random))).toEqual([50, 75, 100]);
    expect(draws.map((random) => withJitter(100, 'full', random))).toEqual([0, 50, 100]);
  });

  test('keeps half of what was said unless told otherwise, and a custom one keeps all', () => {
    const kinds: BackoffOptions[] = [
      { kind: 'fixed', delayMs: 1_000 },
      { kind: 'list', delaysMs: [1_000] },
    ];
    for (const backoff of kinds) {
      for (const delay of delays(backoff, 1)) expect(delay).toBeGreaterThanOrEqual(500);
    }
    expect(delays({ kind: 'custom', delay: () => 1_000 }, 3)).toEqual([1_000, 1_000, 1_000]);
  });

  test('is what a RetryAfterError says, in whole milliseconds and at most a year', () => {
    expect(next(new RetryAfterError('later', 1_234.5), {})).toMatchObject({ kind: 'retry', delayMs: 1_235 });
    expect(next(new RetryAfterError('later', 1e18), {})).toMatchObject({ kind: 'retry', delayMs: longestDelayMs });
  });

  test.each<[string, unknown, () => number]>([
    [
      'a custom one that throws',
      undefined,
      () => {
        throw new Error('oops');
      },
    ],
    ['a custom one that answers nonsense', undefined, () => Number.NaN],
    ['a RetryAfterError without a number', new RetryAfterError('later', Number.NaN), () => 1],
  ])('is the default for %s, with a warning', (_what, thrown, delay) => {
    const outcome = next(thrown ?? new Error('no'), { backoff: { kind: 'custom', delay } });
    expect(outcome).toMatchObject({ kind: 'retry', warning: expect.stringContaining('default back-off') });
    expect((outcome as { delayMs: number }).delayMs).toBeGreaterThanOrEqual(500);
  });
});

describe('There is no further attempt', () => {
  class DeclinedError extends Error {}
  class StolenCardError extends DeclinedError {}
  const nonRetryable = [DeclinedError, 'E_GONE'] as const;

  test('after an error whose class or code the job type lists', () => {
    expect(next(new StolenCardError('no'), { nonRetryable }).kind).toBe('dead');
    expect(next(Object.assign(new Error('no'), { code: 'E_GONE' }), { nonRetryable }).kind).toBe('dead');
    expect(next(Object.assign(new Error('no'), { code: 'E_BUSY' }), { nonRetryable }).kind).toBe('retry');
    for (const thrown of [null, undefined, 'E_GONE']) expect(next(thrown, { nonRetryable }).kind).toBe('retry');
  });

  test('when a list of delays is used up', () => {
    expect(define({ backoff: { kind: 'list', delaysMs: [1, 2, 3] } }).maxAttempts).toBe(4);
    expect(define({ backoff: { kind: 'list', delaysMs: [1] }, maxAttempts: 9 }).maxAttempts).toBe(9);
  });
});

test.each<BackoffOptions>([
  { kind: 'list', delaysMs: [] },
  { kind: 'list', delaysMs: [-1] },
  { delayMs: Number.NaN },
  { jitter: 'some' as never },
  { kind: 'often' as never },
  { kind: 'custom', delay: 5 as never },
])('a job type with the back-off %j is refused', (backoff) => {
  expect(() => define({ backoff })).toThrow(/^Job type "charge": backoff/);
});

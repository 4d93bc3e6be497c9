/** Latency budgets: how fast they burn, and who gives way. */
import { describe, expect, test } from 'vitest';
import {
  type BurningType,
  burnOf,
  emptyHistogram,
  observe,
  percentile,
  sharesOf,
  sumOf,
} from '../../../src/contract/index.ts';

describe('The burn of a budget', () => {
  test('is 1 when 5 of 100 starts are late, 20 when all are, and unknown without starts', () => {
    expect(burnOf(100, 5)).toBeCloseTo(1);
    expect(burnOf(8, 8)).toBeCloseTo(20);
    expect(burnOf(50, 0)).toBe(0);
    expect(burnOf(0, 0)).toBeNull();
  });
});

describe('Who gives way', () => {
  const type = (queue: BurningType['queue'], priority: BurningType['priority'], burn: number | null): BurningType => ({
    queue,
    priority,
    burn,
  });
  const shares = (...types: BurningType[]) => Object.fromEntries(sharesOf(types));

  test('queues of the same lane whose most urgent type is lower, the more the faster it burns', () => {
    const rest = [
      type('realtime/feed', 'normal', 0),
      type('realtime/counts', 'low', null),
      type('bulk/image', 'low', 0),
    ];
    expect(shares(type('realtime/direct', 'urgent', 1), ...rest)).toEqual({
      'realtime/feed': 0.5,
      'realtime/counts': 0.5,
    });
    const fast = shares(type('realtime/direct', 'urgent', 20), type('realtime/notify', 'high', 0), ...rest);
    expect(fast['realtime/notify']).toBeCloseTo(1 / 21);
    expect(fast['realtime/feed']).toBeCloseTo(1 / 21);
    expect(fast['bulk/image']).toBeUndefined();
  });

  test('nobody while nothing urgent or high burns, and never a queue with work as urgent in it', () => {
    expect(shares(type('bulk/image', 'normal', 20), type('bulk/video', 'low', 0))).toEqual({});
    expect(shares(type('bulk/image', 'high', 0.9), type('bulk/video', 'low', 0))).toEqual({});
    const mixed = [type('bulk/video', 'low', 0), type('bulk/video', 'high', 0)];
    expect(shares(type('bulk/image', 'high', 20), ...mixed)).toEqual({});
  });
});

describe('A histogram of times', () => {
  test('tells percentiles within the width of a bucket', () => {
    const times = Array.from({ length: 1_000 }, (_, n) => n + 1);
    const histogram = emptyHistogram();
    for (const ms of times) observe(histogram, ms);
    expect(percentile(histogram, 0.5)).toBeCloseTo(500, 0);
    expect(percentile(histogram, 0.95)).toBeCloseTo(950, 0);
    expect(percentile(sumOf([histogram, histogram]), 0.5)).toBeCloseTo(500, 0);
    expect(percentile(emptyHistogram(), 0.5)).toBeNull();
    expect(percentile([], 0.5)).toBeNull();
    const endless = emptyHistogram();
    observe(endless, 10 ** 9);
    expect(percentile(endless, 0.5)).toBe(3_600_000);
  });
});

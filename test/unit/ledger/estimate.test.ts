/** When a job should be done, from its place and from live rates. */
import { describe, expect, test } from 'vitest';
import { estimateEnd, type Facts } from '../../../src/ledger/estimate.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const facts: Facts = {
  now,
  ahead: 0,
  paused: false,
  waitedMs: 60_000,
  slots: 4,
  startsPerS: 2,
  p50WaitMs: 5,
  p50RunMs: 1_000,
  p95RunMs: 3_000,
};
const at = (ms: number) => new Date(now + ms).toISOString();
const waiting = { state: 'waiting', runAt: null, startedAt: null, progress: null } as const;
const running = { ...waiting, state: 'running', startedAt: at(-2_000) } as const;

describe('The estimated end of a job', () => {
  test('of a waiting one: what is ahead at the measured rate, then its own run', () => {
    expect(estimateEnd(waiting, { ...facts, ahead: 100 })).toBe(now + 51_000);
    expect(estimateEnd(waiting, { ...facts, ahead: 3 })).toBe(now + 1_000);
    // Nothing has started yet, or the line is younger than what was measured: what the slots can do.
    expect(estimateEnd(waiting, { ...facts, ahead: 100, startsPerS: 0 })).toBe(now + 26_000);
    expect(estimateEnd(waiting, { ...facts, ahead: 100, waitedMs: 500 })).toBe(now + 26_000);
  });

  test('of a scheduled one: its time, a usual wait and a usual run', () => {
    expect(estimateEnd({ ...waiting, state: 'scheduled', runAt: at(60_000) }, facts)).toBe(now + 61_005);
  });

  test('of a running one: its progress in a straight line, else what is usual, until that is over', () => {
    expect(estimateEnd({ ...running, progress: { percent: 40, note: null } }, facts)).toBe(now + 3_000);
    expect(estimateEnd(running, facts)).toBe(now + 1_000);
    expect(estimateEnd({ ...running, startedAt: at(-500) }, facts)).toBe(now + 500);
    expect(estimateEnd({ ...running, startedAt: at(-9_000) }, facts)).toBeNull();
  });

  test('is unknown when nobody works, the queue is paused, or nothing like it was seen', () => {
    expect(estimateEnd(waiting, { ...facts, slots: 0 })).toBeNull();
    expect(estimateEnd(waiting, { ...facts, paused: true })).toBeNull();
    expect(estimateEnd(waiting, { ...facts, p50RunMs: null })).toBeNull();
    expect(estimateEnd(waiting, { ...facts, ahead: null })).toBeNull();
  });
});

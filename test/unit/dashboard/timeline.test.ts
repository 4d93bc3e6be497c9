/** The bars of a job's attempts. */
import { describe, expect, test } from 'vitest';
import { ago, bytes, duration, rate } from '../../../dashboard/web/src/format.ts';
import { timelineOf } from '../../../dashboard/web/src/timeline.ts';
import type { Attempt, JobDetail } from '../../../src/contract/job-view.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
const attempt = (number: number, from: number, to: number | null): Attempt => ({
  attempt: number,
  worker: 'w',
  startedAt: at(from),
  finishedAt: to === null ? null : at(to),
  outcome: to === null ? 'running' : 'failed',
  cancelRequestedAt: null,
  stoppedAt: to === null ? null : at(to),
  error: null,
});
const job = (...attempts: Attempt[]) => ({ enqueuedAt: at(0), attempts }) as JobDetail;

describe('the timeline', () => {
  test('each attempt begins where its wait ends, and the last ends at the right edge', () => {
    const { bars } = timelineOf(job(attempt(1, 10, 40), attempt(2, 60, 100)), start);
    expect(bars.map(({ wait, ran }) => [wait.left, wait.width, ran.left, ran.width])).toEqual([
      [0, 10, 10, 30],
      [40, 20, 60, 40],
    ]);
    expect(bars.map(({ waitMs, ranMs }) => [waitMs, ranMs])).toEqual([
      [10_000, 30_000],
      [20_000, 40_000],
    ]);
  });

  test('a running attempt reaches to now', () => {
    const { to, bars } = timelineOf(job(attempt(1, 10, null)), start + 20_000);
    expect(to).toBe(start + 20_000);
    expect(bars[0]?.ranMs).toBe(10_000);
  });

  test('clocks that disagree give no negative bar', () => {
    const { bars } = timelineOf(job(attempt(1, -5, -1)), start);
    for (const { wait, ran } of bars) expect(Math.min(wait.width, ran.width, ran.left)).toBeGreaterThanOrEqual(0);
  });

  test('ticks are round', () => {
    const { ticks } = timelineOf(job(attempt(1, 1, 261)), start);
    expect(ticks.map(({ offsetMs }) => offsetMs / 60_000)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('numbers for people', () => {
  test.each([
    [null, '–'],
    [12.4, '12 ms'],
    [999.6, '1.0 s'],
    [58_100, '58 s'],
    [59_960, '1 min'],
    [252_000, '4 min 12 s'],
    [3_600_000, '1 h'],
    [90_000_000, '1 d 1 h'],
  ])('%s ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [0, '0'],
    [0.01, '<0.1'],
    [2.44, '2.4'],
    [4812, '4,812'],
  ])('%s per second is %s', (perSecond, text) => expect(rate(perSecond)).toBe(text));

  test('sizes and ages', () => {
    expect(bytes(1536)).toBe('1.5 KB');
    expect(bytes(84e6)).toBe('80 MB');
    expect(ago(at(0), start + 125_000)).toBe('2 min ago');
    expect(ago(at(60), start)).toBe('in 1 min');
  });
});

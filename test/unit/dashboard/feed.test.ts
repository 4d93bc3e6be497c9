/** One poller for all browsers. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OverviewFeed } from '../../../dashboard/feed.ts';
import type { Overview } from '../../../dashboard/overview.ts';
import { Part } from '../../../dashboard/part.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the live overview', () => {
  test('reads once a second for any number of browsers, and rests when the last has gone', async () => {
    let reads = 0;
    const feed = new OverviewFeed(async () => ({ at: String(++reads) }) as Overview);
    const seen: string[][] = [[], []];
    const stops = seen.map((list) => feed.follow(({ at }) => list.push(at)));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(seen).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    for (const stop of stops) stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toBe(3);
  });
});

describe('a part of the overview', () => {
  test('keeps its last value and tells the error while it cannot be read', async () => {
    let fail = false;
    const part = new Part('queues', 1_000, 0, async () => {
      if (fail) throw new Error('the ledger is down');
      return 7;
    });
    await part.refresh(0);
    fail = true;
    await part.refresh(500);
    expect(part).toMatchObject({ value: 7, error: undefined });
    await part.refresh(1_500);
    expect(part).toMatchObject({ value: 7, error: 'the ledger is down' });
  });
});

/** The sentence at the top of the overview names the worst thing first. */
import { describe, expect, test } from 'vitest';
import type { Overview } from '../../../dashboard/overview.ts';
import { verdictOf } from '../../../dashboard/web/src/verdict.ts';
import type { QueueStatus } from '../../../src/contract/queue-status.ts';

const budgetMs = 5 * 60_000;
const countedAt = '2026-01-01T00:00:00.000Z';

function queue(
  changes: Partial<Omit<QueueStatus, 'counts'>> & { counts?: Partial<QueueStatus['counts']> },
): QueueStatus {
  const counts = { blocked: 0, scheduled: 0, waiting: 0, queued: 0, running: 0, dead: 0, ...changes.counts };
  return {
    lane: 'bulk',
    queue: 'video',
    paused: false,
    held: false,
    maxAgeMs: null,
    refusing: null,
    oldestMs: null,
    enqueuedPerS: 0,
    finishedPerS: 0,
    failedPerS: 0,
    p50RunMs: null,
    p95RunMs: null,
    p50WaitMs: null,
    p95WaitMs: null,
    budgetMs,
    burn1m: null,
    burn1h: null,
    workers: 1,
    concurrency: 4,
    broker: null,
    spark: [],
    backlogMs: 0,
    ...changes,
    counts,
  };
}

function overview(queues: QueueStatus[], changes: Partial<Overview> = {}): Overview {
  return {
    at: '2026-01-01T00:00:00.000Z',
    environment: 'test',
    queues,
    lanes: [
      { name: 'realtime', up: true },
      { name: 'bulk', up: true },
    ],
    workers: [],
    alarms: [],
    books: { appended: 10, settled: 6, live: 4, unaccounted: 0, countedAt },
    dead: [],
    database: null,
    deadToday: {},
    underWay: { operations: [], fanOuts: [] },
    diskFreeBytes: null,
    errors: [],
    ...changes,
  };
}

const late = queue({ oldestMs: budgetMs + 1, counts: { waiting: 118, dead: 31 } });

describe('the verdict', () => {
  test('is good when nothing waits, and when what waits is young', () => {
    expect(verdictOf(overview([]))).toEqual({ tone: 'good', text: 'All is well: nothing waits' });
    const young = queue({ oldestMs: budgetMs, counts: { waiting: 3, running: 1 } });
    expect(verdictOf(overview([young])).text).toBe('All is well: both lanes keep up with 4 jobs');
  });

  test('names the queue that waits beyond its budget, and leads to it', () => {
    expect(verdictOf(overview([late]))).toEqual({
      tone: 'bad',
      text: 'One queue needs you: video has waited 5 min, its budget is 5 min',
      href: 'jobs?lane=bulk&queue=video',
    });
  });

  test('counts the queues in trouble and names the oldest', () => {
    const later = queue({ queue: 'image', oldestMs: 3_600_000, counts: { waiting: 1 } });
    expect(verdictOf(overview([late, later])).text).toMatch(/^2 queues need you: image has waited 1 h,/);
  });

  test('says before all about queues that no scheduler runs', () => {
    const alarm = {
      code: 'no_scheduler',
      target: 'scheduler',
      message: 'No scheduler runs.',
      since: '2026-01-01T00:00:00.000Z',
      jobs: null,
    } as const;
    expect(verdictOf(overview([late], { alarms: [alarm] }))).toEqual({
      tone: 'bad',
      text: 'No scheduler runs.',
      href: 'runbook#no_scheduler',
    });
  });

  test('says how many jobs start late while the budget burns, and when a process consumes nothing', () => {
    const burning = queue({ burn1m: 3 });
    expect(verdictOf(overview([burning])).text).toBe(
      'One queue needs you: video starts 15 % of its jobs later than 5 min',
    );
    expect(verdictOf(overview([queue({ burn1m: 0.9 })])).tone).toBe('good');
    const queues = [
      { queue: 'bulk/video' as const, concurrency: 4, silentMs: 9_000, late: 'its broker is mute', rebuilds: 1 },
    ];
    const workers = [{ host: 'h', pid: 7, queues }] as unknown as Overview['workers'];
    expect(verdictOf(overview([], { workers })).text).toBe('h:7 consumes nothing from bulk/video: its broker is mute');
  });

  test('says when nobody works on a queue', () => {
    const alone = queue({ workers: 0, oldestMs: 5, counts: { queued: 1 } });
    expect(verdictOf(overview([alone])).text).toBe('One queue needs you: nobody works on video, 1 job waits');
  });

  test('does not call a paused queue late, but says that it holds jobs', () => {
    const verdict = verdictOf(overview([{ ...late, paused: true }]));
    expect(verdict).toMatchObject({ tone: 'warn', text: 'video is paused and 118 jobs wait' });
  });

  test('leads to the dead letters when that is all there is', () => {
    const verdict = verdictOf(overview([queue({ counts: { dead: 1 } })]));
    expect(verdict).toEqual({
      tone: 'warn',
      text: 'Both lanes keep up; 1 dead job wants a decision',
      href: 'dead',
    });
  });

  test.each([
    [
      { lanes: [{ name: 'realtime' as const, up: false, detail: 'connection refused' }] },
      /^The real-time lane is down: connection refused\./,
    ],
    [{ books: { appended: 10, settled: 5, live: 4, unaccounted: 1, countedAt } }, /^1 job is unaccounted for/],
    [{ books: { appended: 8, settled: 6, live: 4, unaccounted: -2, countedAt } }, /^2 jobs are counted twice/],
    [{ errors: ['queues: the ledger is down'] }, /^Not everything could be read\. queues: the ledger is down/],
  ])('puts %j before late queues', (changes, text) => {
    const verdict = verdictOf(overview([late], changes));
    expect(verdict.tone).toBe('bad');
    expect(verdict.text).toMatch(text);
  });
});

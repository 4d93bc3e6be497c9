/** When schedules run, above all on the days when clocks change, and how a schedule that can't work is refused. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  defineJob,
  defineSchedule,
  type InvalidScheduleError,
  type ScheduleDefinition,
} from '../../../src/contract/index.ts';
import { checkSchedule } from '../../../src/ledger/schedules/check.ts';
import { checkDeclarations } from '../../../src/ledger/schedules/declare.ts';
import { slotAfter, slotsThrough } from '../../../src/ledger/schedules/slots.ts';
import { inWords } from '../../../src/ledger/schedules/words.ts';

/** The slots between two moments, forwards; the same must be found backwards. */
function slots(cron: string, timeZone: string, from: string, to: string): string[] {
  const timing = { cron, timeZone, everyMs: null };
  const found: string[] = [];
  let slot = slotAfter(timing, new Date(from));
  for (; slot !== null && slot <= new Date(to); slot = slotAfter(timing, slot)) found.push(shortIso(slot));
  expect(slotsThrough(timing, new Date(to), found.length).map(shortIso)).toEqual(found);
  return found;
}

const shortIso = (time: Date) => time.toISOString().replace(':00.000Z', 'Z');

describe('When the clocks go forward', () => {
  test('Berlin: 02:30 does not come, its job runs when the gap ends at 03:00', () => {
    expect(slots('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
  });

  test('New York: each of several named times runs, those of the gap once together', () => {
    expect(slots('0,30 2,14 * * *', 'America/New_York', '2026-03-08T05:00Z', '2026-03-09T05:00Z')).toEqual([
      '2026-03-08T07:00Z',
      '2026-03-08T18:00Z',
      '2026-03-08T18:30Z',
    ]);
  });

  test('Lord Howe, by half an hour: 02:15 runs at 02:30, 02:45 as always', () => {
    expect(slots('15,45 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-04T12:00Z')).toEqual([
      '2026-10-03T15:30Z',
      '2026-10-03T15:45Z',
    ]);
  });

  test('a schedule with a star or a step leaves the gap out and keeps its rhythm', () => {
    expect(slots('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T02:00Z')).toEqual([
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
      '2026-03-29T02:00Z',
    ]);
  });
});

describe('When the clocks go back', () => {
  test('Berlin: 02:30 comes twice, its job runs the first time only', () => {
    expect(slots('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-27T00:00Z')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  test('New York: each of several named times runs once', () => {
    expect(slots('15 1,2 * * *', 'America/New_York', '2026-11-01T00:00Z', '2026-11-02T00:00Z')).toEqual([
      '2026-11-01T05:15Z',
      '2026-11-01T07:15Z',
    ]);
  });

  test('Lord Howe, by half an hour: 01:45 runs the first time only', () => {
    expect(slots('15,45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', '2026-04-05T12:00Z')).toEqual([
      '2026-04-04T14:15Z',
      '2026-04-04T14:45Z',
    ]);
  });

  test('a schedule with a star or a step runs through both hours', () => {
    expect(slots('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30Z', '2026-10-25T03:00Z')).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
      '2026-10-25T03:00Z',
    ]);
  });
});

test('an interval runs at whole multiples of itself, whenever one asks', () => {
  const timing = { cron: null, timeZone: 'UTC', everyMs: 90_000 };
  expect(slotAfter(timing, new Date('2026-01-01T00:00:00Z'))?.toISOString()).toBe('2026-01-01T00:01:30.000Z');
  expect(slotAfter(timing, new Date('2026-01-01T00:01:29.999Z'))?.toISOString()).toBe('2026-01-01T00:01:30.000Z');
  expect(slotsThrough(timing, new Date('2026-01-01T00:03:00Z'), 2).map(shortIso)).toEqual([
    '2026-01-01T00:01:30.000Z',
    '2026-01-01T00:03Z',
  ]);
});

test('the times are told in plain English', () => {
  expect(inWords({ cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin', everyMs: null })).toBe(
    'At 02:30, Monday through Friday (Europe/Berlin)',
  );
  expect(inWords({ cron: null, timeZone: 'UTC', everyMs: 7_200_000 })).toBe('Every 2 hours');
  expect(inWords({ cron: null, timeZone: 'UTC', everyMs: 60_000 })).toBe('Every minute');
  expect(inWords({ cron: '0 12 1 * +MON', timeZone: 'UTC', everyMs: null })).toBeNull();
});

const report = defineJob({ type: 'report', lane: 'bulk', queue: 'reports', payload: z.object({ days: z.number() }) });
const valid = defineSchedule({ name: 'nightly', job: report, payload: { days: 1 }, cron: '30 2 * * *' });

describe('A schedule that can not work is refused', () => {
  const refusal = (changes: Partial<ScheduleDefinition>) => {
    try {
      checkSchedule({ report }, { ...valid.definition, ...changes }, new Date('2026-01-01'));
    } catch (error) {
      return (error as InvalidScheduleError).fields.map(({ pointer, detail }) => `${pointer} ${detail}`);
    }
    return [];
  };

  test.each([
    [{ cron: '61 2 * * *' }, /^\/cron "61 2 \* \* \*" is not a cron expression \(.*61.*\); give five fields/],
    [{ cron: 'daily' }, /^\/cron "daily" is not a cron expression/],
    [{ cron: '0 0 1 1 * 2030 7' }, /^\/cron .* is not a cron expression/],
    [{ cron: '2030-01-01T00:00:00' }, /^\/cron .* one point of time/],
    [{ cron: '@reboot' }, /^\/cron .* is not a cron expression/],
    [{ cron: '0 0 30 2 *' }, /^\/cron "0 0 30 2 \*" never comes/],
    [{ timeZone: 'Berlin' }, /^\/timeZone "Berlin" is not an IANA time zone; did you mean Europe\/Berlin\?/],
    [{ timeZone: 'New York' }, /did you mean America\/New_York\?/],
    [{ timeZone: '+02:00' }, /^\/timeZone "\+02:00" is not an IANA time zone/],
    [{ cron: null }, /^\/cron give either cron or everyMs/],
    [{ everyMs: 60_000 }, /^\/everyMs give cron or everyMs, not both/],
  ])('%j', (changes, expected) => {
    const problems = refusal(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  test('both fields are named at once, and valid ones pass', () => {
    expect(refusal({ cron: '* *', timeZone: 'Nowhere' })).toHaveLength(2);
    for (const cron of ['@daily', '0 9 * * MON-FRI', '*/10 * * * * *', '0 12 L * *', '0 12 * * 5#2'])
      expect(refusal({ cron, timeZone: 'Asia/Kathmandu' })).toEqual([]);
  });

  test('in code the compiler checks the payload, and the start checks the rest', () => {
    // @ts-expect-error: days is a number
    defineSchedule({ name: 'wrong', job: report, payload: { days: 'one' }, cron: '@daily' });
    // @ts-expect-error: cron and everyMs exclude each other
    defineSchedule({ name: 'wrong', job: report, payload: { days: 1 }, cron: '@daily', everyMs: 1_000 });
    const options = { job: report, payload: { days: 1 } };
    expect(() => defineSchedule({ ...options, name: 'No Name', everyMs: 5 })).toThrow(/Schedule "No Name"/);
    expect(() => checkDeclarations({ report }, [valid, valid])).toThrow('"nightly" is declared twice');
    const wrong = defineSchedule({ ...options, name: 'wrong', cron: '99 * * * *' });
    expect(() => checkDeclarations({ report }, [wrong])).toThrow(/"wrong": .*\/cron/);
    expect(() => checkDeclarations({}, [valid])).toThrow(/There is no job type "report"/);
  });
});

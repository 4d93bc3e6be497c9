/** Quiet hours by the clock on the wall: across midnight, both changes of the clocks, and zones that never change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, quietUntil } from '../../../src/social/notifications/quiet-hours.ts';

const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
const ends = (now: string, quiet = night) => quietUntil(new Date(now), quiet)?.toISOString();

describe('quiet hours', () => {
  it.each([
    // Winter in Berlin is UTC+1.
    ['before they begin', '2026-01-15T20:59:59.999Z', night, undefined],
    ['their first moment', '2026-01-15T21:00:00.000Z', night, '2026-01-16T06:00:00.000Z'],
    ['after midnight', '2026-01-16T02:30:00.000Z', night, '2026-01-16T06:00:00.000Z'],
    ['their last moment', '2026-01-16T05:59:59.999Z', night, '2026-01-16T06:00:00.000Z'],
    ['their end', '2026-01-16T06:00:00.000Z', night, undefined],
    // 29 March 2026, 02:00 becomes 03:00: the night is eight hours long.
    ['the night the clocks go forward, before', '2026-03-28T22:00:00.000Z', night, '2026-03-29T05:00:00.000Z'],
    ['the night the clocks go forward, after', '2026-03-29T04:59:00.000Z', night, '2026-03-29T05:00:00.000Z'],
    // 25 October 2026, 03:00 becomes 02:00: the night is ten hours long.
    ['the night the clocks go back, before', '2026-10-24T20:00:00.000Z', night, '2026-10-25T06:00:00.000Z'],
    ['the night the clocks go back, after', '2026-10-25T05:59:00.000Z', night, '2026-10-25T06:00:00.000Z'],
    ['at noon', '2026-07-01T10:00:00.000Z', night, undefined],
    ['within a day', '2026-07-01T11:30:00.000Z', { ...night, from: '13:00', to: '14:00' }, '2026-07-01T12:00:00.000Z'],
    ['an end that is skipped', '2026-03-29T00:30:00.000Z', { ...night, to: '02:30' }, '2026-03-29T01:30:00.000Z'],
    [
      'an end that comes twice, the first time',
      '2026-10-25T00:45:00.000Z',
      { ...night, to: '02:30' },
      '2026-10-25T01:30:00.000Z',
    ],
    ['an end that comes twice, the second time', '2026-10-25T01:30:00.000Z', { ...night, to: '02:30' }, undefined],
    [
      'a beginning that comes twice',
      '2026-10-25T00:30:00.000Z',
      { ...night, from: '02:30', to: '04:00' },
      '2026-10-25T03:00:00.000Z',
    ],
    [
      'half an hour off',
      '2026-05-01T16:29:00.000Z',
      { from: '22:00', to: '06:00', timeZone: 'Asia/Kolkata' },
      undefined,
    ],
    [
      'half an hour off, quiet',
      '2026-05-01T16:30:00.000Z',
      { from: '22:00', to: '06:00', timeZone: 'Asia/Kolkata' },
      '2026-05-02T00:30:00.000Z',
    ],
    [
      'the other half of the world',
      '2026-11-01T04:00:00.000Z',
      { ...night, timeZone: 'America/New_York' },
      '2026-11-01T12:00:00.000Z',
    ],
    [
      'where summer is in January',
      '2026-01-15T12:00:00.000Z',
      { ...night, timeZone: 'Australia/Sydney' },
      '2026-01-15T20:00:00.000Z',
    ],
    [
      'a change of half an hour',
      '2026-04-04T13:00:00.000Z',
      { ...night, timeZone: 'Australia/Lord_Howe' },
      '2026-04-04T20:30:00.000Z',
    ],
  ])('%s: %s', (_what, now, quiet, expected) => {
    expect(ends(now, quiet)).toBe(expected);
  });

  it('end within a day, never in the past, and are over when they end, in every zone', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'UTC',
    ];
    const times = fc
      .nat(95)
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    const moments = fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, times, times, fc.constantFrom(...zones), (now, from, to, timeZone) => {
        fc.pre(from !== to);
        const until = quietUntil(now, { from, to, timeZone });
        if (!until) return;
        const ms = until.getTime() - now.getTime();
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(26 * 60 * 60_000);
        expect(quietUntil(until, { from, to, timeZone })).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['US/Pacific', true],
    ['+02:00', false],
    ['Berlin', false],
    ['', false],
  ])('%s is a time zone: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});

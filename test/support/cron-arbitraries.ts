/** Random cron expressions, time zones, and moments at which their clocks change. */
import fc from 'fast-check';
import type { Field, WalkedCron } from './clock-walk.ts';

export const hourMs = 3_600_000;

/** Zones with every kind of change: an hour, half an hour, two hours, at midnight, in the south, and none. */
const zones = [
  ['Europe/Berlin', '2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  ['America/New_York', '2027-03-14T07:00Z', '2027-11-07T06:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-04-04T15:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z', '2026-10-29T21:00Z'],
  ['America/Santiago', '2026-09-06T04:00Z', '2026-04-05T03:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z', '2026-04-04T14:00Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00Z'],
  ['UTC', '2026-01-01T00:00Z'],
] as const;

function named(min: number, max: number): fc.Arbitrary<Field> {
  return fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
    .map((values) => ({ text: values.join(','), values: new Set(values), star: false }));
}

function field(min: number, max: number): fc.Arbitrary<Field> {
  const all = Array.from({ length: max - min + 1 }, (_, n) => min + n);
  const star = fc.constant({ text: '*', values: new Set(all), star: true });
  const step = fc.integer({ min: 2, max: Math.ceil(max / 2) + 1 }).map((n) => ({
    text: `*/${n}`,
    values: new Set(all.filter((value) => (value - min) % n === 0)),
    star: true,
  }));
  return fc.oneof(star, step, { arbitrary: named(min, max), weight: 3 });
}

export const cron = fc.record({
  minute: field(0, 59),
  // Most changes happen in the first hours of a day.
  hour: fc.oneof(field(0, 23), named(0, 4)),
  weekday: fc.oneof(
    { arbitrary: fc.constant({ text: '*', values: new Set([0, 1, 2, 3, 4, 5, 6]), star: true }), weight: 3 },
    field(0, 6),
  ),
});
/** A zone and a moment before one of its changes. */
export const zoned = fc.constantFrom(...zones).chain(([timeZone, ...changes]) =>
  fc.record({
    timeZone: fc.constant(timeZone),
    /** A whole minute, usually soon before a change of the clocks. */
    around: fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -90, max: 30 }))
      .map(([change, minutes]) => Date.parse(change) + minutes * 60_000),
  }),
);
export const textOf = ({ minute, hour, weekday }: WalkedCron) => `${minute.text} ${hour.text} * * ${weekday.text}`;

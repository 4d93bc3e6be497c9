/** Schedules through random histories on a clock of the test's own: no slot is lost, none comes twice, whatever happens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScheduleDefinition } from '../../../src/contract/index.ts';
import { type Cursor, cursorAfterEdit, cursorFrom, graceMs, takeDue } from '../../../src/ledger/schedules/plan.ts';
import { slotAfter, slotsThrough, type Timing } from '../../../src/ledger/schedules/slots.ts';
import { walk } from '../../support/clock-walk.ts';
import { cron, hourMs, textOf, zoned } from '../../support/cron-arbitraries.ts';
import { properties, propertyOptions } from '../../support/properties.ts';

describe('The slots of any cron expression in any zone', () => {
  test('are those that a walk over every minute finds, forwards and backwards', propertyOptions, () => {
    const property = fc.property(cron, zoned, fc.integer({ min: 1, max: 20 }), (fields, { timeZone, around }, most) => {
      const timing: Timing = { cron: textOf(fields), timeZone, everyMs: null };
      // Few slots make a long walk worth its time.
      const until = around + (fields.minute.star ? 2 : 30) * hourMs;
      const walked = walk(fields, timeZone, around, until).map((at) => new Date(at).toISOString());
      expect(between(timing, around, until)).toEqual(walked);
      const back = slotsThrough(timing, new Date(until), most).map((slot) => slot.toISOString());
      const inside = back.filter((slot) => Date.parse(slot) > around);
      expect(inside).toEqual(walked.slice(-most));
    });
    fc.assert(property, properties());
  });
});

/** By asking again and again for the next one. */
function between(timing: Timing, from: number, to: number): string[] {
  const found: string[] = [];
  let slot = slotAfter(timing, new Date(from));
  for (; slot !== null && slot.getTime() <= to; slot = slotAfter(timing, slot)) found.push(slot.toISOString());
  return found;
}

/** A few times an hour at most, so that an outage of hours is quickly gone through. */
const seldom = cron.filter(({ minute }) => minute.values.size <= 3);
const timing: fc.Arbitrary<Timing> = fc.oneof(
  fc.record({ cron: seldom.map(textOf), timeZone: zoned.map((zone) => zone.timeZone), everyMs: fc.constant(null) }),
  fc.record({
    cron: fc.constant(null),
    timeZone: fc.constant('UTC'),
    everyMs: fc.integer({ min: hourMs / 12, max: 2 * hourMs }),
  }),
);
const policy = fc.record({
  missed: fc.constantFrom('skip' as const, 'run-once' as const, 'run-all' as const),
  missedMost: fc.integer({ min: 1, max: 30 }),
});
const event = fc.oneof(
  // Time goes by, then a scheduler looks: soon, after a stall, after an outage. Sometimes the clock was set back.
  { arbitrary: fc.tuple(fc.constant('look' as const), fc.integer({ min: 1, max: 90_000 })), weight: 4 },
  { arbitrary: fc.tuple(fc.constant('look' as const), fc.integer({ min: 1, max: 12 * hourMs })), weight: 4 },
  fc.tuple(fc.constant('look' as const), fc.integer({ min: -2 * hourMs, max: -1 })),
  // Time goes by unseen: a slot may be due when something else happens.
  fc.tuple(fc.constant('wait' as const), fc.integer({ min: 1, max: 3 * hourMs })),
  fc.tuple(fc.constant('restart' as const)),
  fc.tuple(fc.constant('edit times' as const), timing),
  fc.tuple(fc.constant('edit policy' as const), policy),
  fc.tuple(fc.constant('pause' as const), fc.integer({ min: 1, max: 5 * hourMs })),
);

/** A schedule as its row is, with everything it ever did. */
class History {
  now: number;
  cursor: Cursor;
  definition: ScheduleDefinition;
  /** Every slot that ran or was written down as missed, in the order in which that happened. */
  readonly settled: number[] = [];

  constructor(start: number, definition: ScheduleDefinition) {
    this.now = start;
    this.definition = definition;
    this.cursor = cursorFrom(definition, null, new Date(start));
  }

  /** What a scheduler does, and what must be true of it, found out slot by slot. */
  look(): void {
    const { nextAt } = this.cursor;
    if (nextAt === null || nextAt.getTime() > this.now) return;
    const now = new Date(this.now);
    const rest = between(this.definition, nextAt.getTime(), this.now).map((slot) => Date.parse(slot));
    const due = [nextAt.getTime(), ...rest];
    const { slots, missed, cursor } = takeDue(this.definition, nextAt, now);
    const ran = slots.map((slot) => slot.getTime());
    expect(ran).toEqual(this.#wanted(due));
    const left = due.filter((slot) => !ran.includes(slot));
    expect(missed && [missed.slot.getTime(), missed.through.getTime()]).toEqual(
      left.length > 0 ? [left[0], left.at(-1)] : null,
    );
    expect(cursor.lastSlot?.getTime()).toBe(due.at(-1));
    this.settled.push(...due);
    this.cursor = cursor;
  }

  #wanted(due: number[]): number[] {
    const { missed, missedMost } = this.definition;
    if (missed === 'run-all') return due.slice(-missedMost);
    const newest = due.slice(-1);
    return missed === 'run-once' || this.now - (newest[0] as number) <= graceMs ? newest : [];
  }
}

describe('A schedule through any history', () => {
  test(
    'settles every slot once, in order, by its policy, across edits, pauses, restarts and clocks that go back',
    propertyOptions,
    () => {
      const property = fc.property(
        zoned,
        timing,
        policy,
        fc.array(event, { maxLength: 25 }),
        (start, times, rules, events) => {
          const history = new History(start.around, { ...definition, ...times, ...rules });
          for (const one of events) happen(history, one);
          const { settled, cursor } = history;
          settled.forEach((slot, index) => {
            if (index > 0) expect(slot).toBeGreaterThan(settled[index - 1] as number);
          });
          if (settled.length > 0) expect(cursor.nextAt?.getTime()).toBeGreaterThan(settled.at(-1) as number);
        },
      );
      fc.assert(property, properties());
    },
  );
});

const definition: ScheduleDefinition = {
  type: 'work',
  payload: {},
  cron: null,
  timeZone: 'UTC',
  everyMs: null,
  missed: 'run-once',
  missedMost: 100,
  overlap: 'allow',
  jitterMs: 0,
  description: '',
  options: {},
};

type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function happen(history: History, one: Event): void {
  if (one[0] === 'look' || one[0] === 'wait') history.now += one[1];
  if (one[0] === 'restart') history.cursor = restored(history.cursor);
  if (one[0] === 'edit policy') history.definition = { ...history.definition, ...one[1] };
  if (one[0] === 'edit times') {
    history.definition = { ...history.definition, ...one[1] };
    const before = history.cursor;
    history.cursor = cursorAfterEdit(history.definition, before, new Date(history.now));
    expectNothingSkipped(history, before);
  }
  if (one[0] === 'pause') {
    history.now += one[1];
    history.cursor = cursorFrom(history.definition, history.cursor.lastSlot, new Date(history.now));
  }
  if (one[0] === 'look') history.look();
}

/** After an edit comes the slot that was due already, or the first one of the new times. */
function expectNothingSkipped({ definition: edited, cursor, now }: History, before: Cursor): void {
  if (before.nextAt !== null && before.nextAt.getTime() <= now) {
    expect(cursor.nextAt).toEqual(before.nextAt);
    return;
  }
  const from = Math.max(now, before.lastSlot?.getTime() ?? 0);
  expect(cursor.nextAt?.toISOString()).toBe(between(edited, from, from + 9 * 24 * hourMs)[0]);
}

/** As it comes back from its row. */
function restored(cursor: Cursor): Cursor {
  const time = (value: Date | null) => (value === null ? null : new Date(JSON.parse(JSON.stringify(value))));
  return { nextAt: time(cursor.nextAt), lastSlot: time(cursor.lastSlot) };
}

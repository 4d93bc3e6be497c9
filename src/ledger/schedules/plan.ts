/** What a schedule does next, as pure rules: which due slots run, which are missed, and what an edit changes. */
import type { ScheduleDefinition } from '../../contract/index.ts';
import { slotAfter, slotsThrough, type Timing } from './slots.ts';

/** Where a schedule stands. Slots up to `lastSlot` are settled for good, whatever the clock says. */
export interface Cursor {
  nextAt: Date | null;
  lastSlot: Date | null;
}

/** What is to be done about the slots that are due. */
export interface Due {
  /** Those to enqueue, the oldest first. */
  slots: Date[];
  missed: { slot: Date; through: Date } | null;
  cursor: Cursor;
}

/** With `skip`, a slot that is found later than this is missed. Milliseconds. */
export const graceMs = 60_000;

/** Decides about every slot up to `now`. Call it when `nextAt` has come; that slot counts even if an edit moved it away. */
export function takeDue(definition: ScheduleDefinition, nextAt: Date, now: Date): Due {
  const most = definition.missed === 'run-all' ? definition.missedMost : 1;
  const newest = slotsThrough(definition, now, most).filter((slot) => slot > nextAt);
  const candidates = newest.length < most ? [nextAt, ...newest] : newest;
  const last = candidates.at(-1) as Date;
  const tooLate = definition.missed === 'skip' && now.getTime() - last.getTime() > graceMs;
  const slots = tooLate ? [] : candidates;
  return {
    slots,
    missed: missedBefore(definition, nextAt, slots[0], last),
    cursor: { nextAt: slotAfter(definition, now), lastSlot: last },
  };
}

/** The slots from `nextAt` on that come before the first one that runs, or all of them when none does. */
function missedBefore(timing: Timing, nextAt: Date, first: Date | undefined, last: Date): Due['missed'] {
  if (first === undefined) return { slot: nextAt, through: last };
  if (first <= nextAt) return null;
  const before = slotsThrough(timing, new Date(first.getTime() - 1), 1)[0];
  return { slot: nextAt, through: before !== undefined && before > nextAt ? before : nextAt };
}

/** Where a schedule stands when it begins, is resumed, or gets other times: no slot twice, none from the past. */
export function cursorFrom(timing: Timing, lastSlot: Date | null, now: Date): Cursor {
  const after = lastSlot !== null && lastSlot > now ? lastSlot : now;
  return { nextAt: slotAfter(timing, after), lastSlot };
}

/** After an edit: a slot that is due already stays, and runs as edited. */
export function cursorAfterEdit(timing: Timing, cursor: Cursor, now: Date): Cursor {
  if (cursor.nextAt !== null && cursor.nextAt <= now) return cursor;
  return cursorFrom(timing, cursor.lastSlot, now);
}

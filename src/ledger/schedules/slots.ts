/** The slots of a schedule: when it runs. Pure; cron expressions are read by croner. */
import { Cron } from 'croner';
import type { ScheduleDefinition } from '../../contract/index.ts';

export type Timing = Pick<ScheduleDefinition, 'cron' | 'timeZone' | 'everyMs'>;

/** The first slot after a moment, or null when there is none left. */
export function slotAfter({ cron, timeZone, everyMs }: Timing, after: Date): Date | null {
  if (cron !== null) return readCron(cron, timeZone).nextRun(after);
  const step = everyMs as number;
  return new Date((Math.floor(after.getTime() / step) + 1) * step);
}

/** The newest slots up to and including a moment, at most `most`, the oldest first. */
export function slotsThrough({ cron, timeZone, everyMs }: Timing, through: Date, most: number): Date[] {
  // croner leaves the given moment out.
  if (cron !== null)
    return readCron(cron, timeZone)
      .previousRuns(most, new Date(through.getTime() + 1))
      .reverse();
  const step = everyMs as number;
  const newest = Math.floor(through.getTime() / step);
  return Array.from({ length: most }, (_, n) => new Date((newest - most + 1 + n) * step));
}

/**
 * When the clocks change, a schedule that names its hours and minutes (`30 2 * * *`, `30 2,14 * * *`) keeps to once for each
 * of them: a time that is skipped runs right after the gap, a time that comes twice runs the first time. One with a `*` or
 * a step in its hours or minutes follows real time: it runs in both of the doubled hours and not in the skipped one.
 * @throws TypeError, RangeError with what croner did not understand
 */
export function readCron(cron: string, timeZone: string): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard', paused: true });
}

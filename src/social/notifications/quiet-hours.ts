/** Quiet hours: from when to when, by the clock on its user's wall, nothing rings. Pure. */

export interface QuietHours {
  /** `22:00`, the clock of the time zone; later than `to` when they last over midnight. */
  from: string;
  to: string;
  /** An IANA name such as Europe/Berlin. */
  timeZone: string;
}

const dayMs = 24 * 60 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * When the quiet hours that `now` lies in are over; undefined outside of them. When the clocks change, a time that comes
 * twice counts the first time as a beginning and the second as an end, and one that is skipped is as long after the last
 * known time as it would have been.
 */
export function quietUntil(now: Date, { from, to, timeZone }: QuietHours): Date | undefined {
  const today = Math.floor(wallClock(now.getTime(), timeZone) / dayMs) * dayMs;
  const overMidnight = minutes(to) <= minutes(from);
  for (const day of [today - dayMs, today]) {
    const begin = Math.min(...instantsOf(day + minutes(from), timeZone));
    const end = Math.max(...instantsOf(day + (overMidnight ? dayMs : 0) + minutes(to), timeZone));
    if (begin <= now.getTime() && now.getTime() < end) return new Date(end);
  }
  return undefined;
}

/** Whether it names a place whose clocks are known; offsets such as +02:00 do not know when those change. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** The instants at which the clock on the wall shows `wall`: one, two when it was put back, the shifted one when it is skipped. */
function instantsOf(wall: number, timeZone: string): number[] {
  const [before, after] = [wall - dayMs, wall + dayMs].map((near) => wallClock(near, timeZone) - near) as [
    number,
    number,
  ];
  const shown = [wall - before, wall - after].filter((instant) => wallClock(instant, timeZone) === wall);
  return shown.length > 0 ? shown : [wall - before];
}

/** What the clock shows, as if it were UTC, milliseconds. */
function wallClock(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1_000) + 1_000) % 1_000);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const part = '2-digit' as const;
  const fields = { year: 'numeric', month: part, day: part, hour: part, minute: part, second: part } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...fields });
  formats.set(timeZone, made);
  return made;
}

function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
}

/** The slots of a cron expression found the slow way: by walking over minutes and asking the platform for the local time. */

/** A field as the tests make them: the values that fit, and whether it was written with a star. */
export interface Field {
  text: string;
  values: ReadonlySet<number>;
  star: boolean;
}

export interface WalkedCron {
  minute: Field;
  hour: Field;
  /** 0 is Sunday. */
  weekday: Field;
}

const minuteMs = 60_000;
const blockMs = 15 * minuteMs;
const offsets = new Map<string, Map<number, number>>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** What is added to UTC to get local time. Offsets change at whole quarters of an hour only. */
function offsetMs(timeZone: string, at: number): number {
  const block = Math.floor(at / blockMs);
  const known = offsets.get(timeZone) ?? new Map<number, number>();
  offsets.set(timeZone, known);
  let offset = known.get(block);
  offset ??= askOffset(timeZone, block * blockMs);
  known.set(block, offset);
  return offset;
}

function askOffset(timeZone: string, at: number): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs;
}

const localOf = (timeZone: string, at: number) => at + offsetMs(timeZone, at);

/** Every slot after `from` up to `to`, both whole minutes. */
export function walk(cron: WalkedCron, timeZone: string, from: number, to: number): number[] {
  const follows = cron.minute.star || cron.hour.star;
  const found = follows ? walkReal(cron, timeZone, from, to) : walkNamed(cron, timeZone, from, to);
  return [...new Set(found)].filter((at) => at > from && at <= to).sort((a, b) => a - b);
}

/** With a star: every minute of real time whose local time fits. */
function walkReal({ minute, hour, weekday }: WalkedCron, timeZone: string, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from + minuteMs; at <= to; at += minuteMs) {
    const local = new Date(localOf(timeZone, at));
    if (!minute.values.has(local.getUTCMinutes()) || !hour.values.has(local.getUTCHours())) continue;
    if (weekday.values.has(local.getUTCDay())) found.push(at);
  }
  return found;
}

/** With named times: each of them once on every day that fits. */
function walkNamed({ minute, hour, weekday }: WalkedCron, timeZone: string, from: number, to: number): number[] {
  const found: number[] = [];
  const dayMs = 86_400_000;
  for (let day = Math.floor(from / dayMs) - 2; day <= Math.floor(to / dayMs) + 2; day += 1) {
    if (!weekday.values.has(new Date(day * dayMs).getUTCDay())) continue;
    for (const h of hour.values)
      for (const m of minute.values) found.push(firstAtOrAfter(timeZone, day * dayMs + (h * 60 + m) * minuteMs));
  }
  return found;
}

/** The first moment at which clocks show the local time, or a later one because they skip it. */
function firstAtOrAfter(timeZone: string, local: number): number {
  const earliest = local - 26 * 3_600_000;
  let at =
    earliest + Math.max(0, Math.floor((local - localOf(timeZone, earliest) - 4 * 3_600_000) / minuteMs) * minuteMs);
  while (localOf(timeZone, at) < local) at += minuteMs;
  return at;
}

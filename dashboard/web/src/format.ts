/** Numbers, durations and times as people read them. Pure. */

/** `12 ms`, `1.9 s`, `4 min 12 s`, `3 h 5 min`, `2 d 4 h`; a dash for null. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** As `duration`, for narrow columns: `4 m 12 s`. */
export function shortDuration(ms: number | null | undefined): string {
  return duration(ms).replace(' min', ' m');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

const grouped = new Intl.NumberFormat('en-GB');

export function count(value: number): string {
  return grouped.format(value);
}

/** `1 job`, `31 jobs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Jobs per second: whole from ten on, one digit below, and never `0.0` for something that does happen. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '<0.1';
  return perSecond < 9.95 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  const scaled = value / 1024 ** step;
  return `${step > 0 && scaled < 9.95 ? scaled.toFixed(1) : Math.round(scaled)} ${units[step]}`;
}

/** `12 s ago`, `in 3 min`, by whole units only. */
export function ago(time: string, nowMs: number): string {
  const ms = nowMs - Date.parse(time);
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const [size, unit] =
    seconds < 60 ? [1, 's'] : seconds < 3_600 ? [60, 'min'] : seconds < 86_400 ? [3_600, 'h'] : [86_400, 'd'];
  const text = `${Math.floor(seconds / (size as number))} ${unit}`;
  if (seconds === 0) return 'now';
  return ms < 0 ? `in ${text}` : `${text} ago`;
}

/** `2026-11-21 14:02:11.058` in the reader's time zone. */
export function timestamp(time: string): string {
  const at = new Date(time);
  const two = (value: number, width = 2) => String(value).padStart(width, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${clock(time)}.${two(at.getMilliseconds(), 3)}`;
}

/** `14:02:11` in the reader's time zone. */
export function clock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** When a job was enqueued, from its id: ISO 8601. */
export function timeOfId(id: string): string {
  return new Date(Number(BigInt(id) >> 23n) + Date.UTC(2025)).toISOString();
}

/** Times and counts as people say them, and durations as they type them. */
import { InvalidArgumentError } from 'commander';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `850 ms`, `12 s`, `3 min`, `2 h`, `5 d`: one unit, rounded. */
export function duration(ms: number | null | undefined): string | null {
  if (ms === null || ms === undefined) return null;
  const [unit, size] = units.find(([, least]) => ms >= least) ?? ['ms', 1];
  return `${Math.round(ms / size)} ${unit}`;
}

/** How long ago a time was, or how far ahead it lies. */
export function ago(time: string | null | undefined, now = Date.now()): string | null {
  if (!time) return null;
  const ms = now - Date.parse(time);
  return ms >= 0 ? `${duration(ms)} ago` : `in ${duration(-ms)}`;
}

/** A time in full, with how long ago it was. */
export function moment(time: string | null | undefined): string | null {
  return time ? `${time.replace('T', ' ').replace(/\.\d+Z$/, 'Z')} (${ago(time)})` : null;
}

/** `1,234,567` */
export const count = (value: number) => value.toLocaleString('en');

const typed: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `500ms`, `90s`, `10m`, `2h`, `7d`. For options. */
export function milliseconds(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim()) ?? [];
  const size = typed[unit];
  if (number !== undefined && size) return Math.round(Number(number) * size);
  throw new InvalidArgumentError('It must be a duration such as 500ms, 90s, 10m, 2h or 7d.');
}

/** A point of time in ISO 8601 from such a text, or from a duration that is over: `2h` is two hours ago. For options. */
export function timeBefore(text: string): string {
  if (/^[\d.]+\s*[a-z]+$/.test(text)) return new Date(Date.now() - milliseconds(text)).toISOString();
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError(
    'It must be a time such as 2026-07-01T12:00:00Z, or a duration before now such as 2h.',
  );
}

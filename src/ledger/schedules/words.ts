/** When a schedule runs, in plain English, for people who do not read cron. */
import cronstrue from 'cronstrue';
import type { Timing } from './slots.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `At 02:30, Monday through Friday (Europe/Berlin)`. Null for the few expressions that the words do not reach. */
export function inWords({ cron, timeZone, everyMs }: Timing): string | null {
  if (cron === null) return everyWords(everyMs as number);
  try {
    return `${cronstrue.toString(cron, { use24HourTimeFormat: true })} (${timeZone})`;
  } catch {
    return null;
  }
}

function everyWords(ms: number): string {
  const [unit, size] = units.find(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  const count = ms / size;
  return count === 1 ? `Every ${unit}` : `Every ${count} ${unit === 'ms' ? unit : `${unit}s`}`;
}

/** Percent from the key=value lines of ffmpeg's -progress. */

/** 0 to 100, or undefined for a line that says nothing about the time reached. */
export function percentOf(line: string, durationS: number): number | undefined {
  const found = /^out_time_us=(-?\d+)$/.exec(line.trim());
  if (!found) return undefined;
  return Math.min(100, Math.max(0, (Number(found[1]) / 1e6 / durationS) * 100));
}

/** What the key=value lines of ffmpeg's -progress tell: percent on the way, and at the end how much was encoded. */

/** 0 to 100, or undefined for a line that says nothing about the time reached. */
export function percentOf(line: string, durationS: number): number | undefined {
  const found = /^out_time_us=(-?\d+)$/.exec(line.trim());
  if (!found) return undefined;
  return Math.min(100, Math.max(0, (Number(found[1]) / 1e6 / durationS) * 100));
}

/** Collects lines; the last ones say how many frames there are and when the last one ends, as the encoder sees it. */
export function encodedSoFar() {
  const so = { frames: 0, durationS: 0 };
  return {
    hear(line: string): void {
      const [name, value] = line.trim().split('=');
      if (name === 'frame') so.frames = Number(value);
      else if (name === 'out_time_us' && Number(value) > 0) so.durationS = Number(value) / 1e6;
    },
    so,
  };
}

/** How far ffmpeg is, from the key=value lines of its -progress. */

/** Seconds, or undefined for a line that says nothing about the time reached. */
export function reachedS(line: string): number | undefined {
  const found = /^out_time_us=(-?\d+)$/.exec(line.trim());
  return found ? Math.max(0, Number(found[1]) / 1e6) : undefined;
}

/** 0 to 100, or undefined for such a line. */
export function percentOf(line: string, durationS: number): number | undefined {
  const reached = reachedS(line);
  return reached === undefined ? undefined : Math.min(100, (reached / durationS) * 100);
}

/** Collects lines; the last ones say how many frames the encoder was given. */
export function framesSoFar() {
  const so = { frames: 0 };
  return {
    hear(line: string): void {
      const [name, value] = line.trim().split('=');
      if (name === 'frame') so.frames = Number(value);
    },
    so,
  };
}

/** Of times: how many lay together. */

export interface Span {
  startedAt: number;
  /** Undefined: it still goes on. */
  finishedAt?: number | undefined;
}

/** How many of the runs went on at the same moment. */
export function mostAtOnce(runs: readonly Span[]): number {
  const during = (at: number) => runs.filter((run) => run.startedAt <= at && (run.finishedAt ?? at + 1) > at).length;
  return Math.max(0, ...runs.map((run) => during(run.startedAt)));
}

/** The most of the sorted times that lie in a stretch of that length. */
export function mostWithin(times: readonly number[], ms: number): number {
  return Math.max(...times.map((from, n) => times.slice(n).filter((time) => time - from < ms).length));
}

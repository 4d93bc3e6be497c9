/** From a job's attempts to the bars of its timeline, in percent of the time that is shown. Pure. */
import type { Attempt, JobDetail } from '../../../src/contract/job-view.ts';

export interface Bar {
  attempt: Attempt;
  /** Time before it started: in the queue, or between two attempts. */
  wait: { left: number; width: number };
  ran: { left: number; width: number };
  ranMs: number;
  waitMs: number;
}

export interface Timeline {
  from: number;
  to: number;
  bars: Bar[];
  /** Round offsets from the start, milliseconds, with where they are in percent. */
  ticks: { offsetMs: number; left: number }[];
}

/** The timeline from enqueue to the end, or to `nowMs` while the job is alive. */
export function timelineOf(job: JobDetail, nowMs: number): Timeline {
  const from = Date.parse(job.enqueuedAt);
  const ends = job.attempts.map(({ finishedAt, startedAt }) => Date.parse(finishedAt ?? startedAt));
  const alive = job.attempts.some(({ finishedAt }) => finishedAt === null);
  const to = Math.max(from + 1, ...ends, alive ? nowMs : 0);
  const percent = (ms: number) => (ms / (to - from)) * 100;
  let freeSince = from;
  const bars = job.attempts.map((attempt): Bar => {
    const start = Math.max(from, Date.parse(attempt.startedAt));
    const end = Math.max(start, attempt.finishedAt ? Date.parse(attempt.finishedAt) : to);
    const waitMs = Math.max(0, start - freeSince);
    const bar = {
      attempt,
      wait: { left: percent(start - waitMs - from), width: percent(waitMs) },
      ran: { left: percent(start - from), width: percent(end - start) },
      ranMs: end - start,
      waitMs,
    };
    freeSince = end;
    return bar;
  });
  return { from, to, bars, ticks: ticksOf(to - from) };
}

const second = 1_000;
const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800].map((s) => s * second),
];

/** At most six round offsets; beyond half an hour a step the hours are divided evenly. */
function ticksOf(spanMs: number): Timeline['ticks'] {
  const step = steps.find((candidate) => spanMs / candidate <= 5) ?? Math.ceil(spanMs / 5 / 3_600_000) * 3_600_000;
  const offsets = Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => index * step);
  const ticks = offsets.map((offsetMs) => ({ offsetMs, left: (offsetMs / spanMs) * 100 }));
  // The first label is the time of day and needs the room; the last must not stick out.
  return ticks.filter(({ left }) => left === 0 || (left > 18 && left < 97));
}

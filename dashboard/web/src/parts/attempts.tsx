/** The attempts of a job: a bar each on one axis, and their errors. */
import type { Attempt, JobDetail } from '../../../../src/contract/job-view.ts';
import { clock, duration, timestamp } from '../format.ts';
import { now } from '../live.ts';
import { type Bar, timelineOf } from '../timeline.ts';
import { Empty } from './small.tsx';

export function Attempts({ job }: { job: JobDetail }) {
  if (job.attempts.length === 0) {
    return <Empty title="No attempt yet">{waitingFor(job)}</Empty>;
  }
  const { bars, ticks } = timelineOf(job, now.value);
  return (
    <div class="timeline">
      <div class="axis" aria-hidden="true">
        {ticks.map(({ offsetMs, left }) => (
          <span key={offsetMs} style={{ left: `${left}%` }}>
            {offsetMs === 0 ? clock(job.enqueuedAt) : `+${duration(offsetMs)}`}
          </span>
        ))}
      </div>
      <ol>
        {bars.map((bar) => (
          <AttemptBar key={`${bar.attempt.attempt} ${bar.attempt.startedAt}`} bar={bar} />
        ))}
      </ol>
    </div>
  );
}

function AttemptBar({ bar: { attempt, wait, ran, ranMs, waitMs } }: { bar: Bar }) {
  const name = attempt.outcome.replace('_', ' ');
  return (
    <li
      class="attempt"
      title={`Waited ${duration(waitMs)}, started ${timestamp(attempt.startedAt)}${untilStopped(attempt)}`}
    >
      <span class="clip">
        {attempt.attempt} · <span class={toneOf(attempt)}>{name}</span> <span class="soft">{attempt.worker}</span>
        {stillRuns(attempt) && <span class="bad"> its code still runs</span>}
      </span>
      <div class="bar" aria-hidden="true">
        <i class="wait" style={{ left: `${wait.left}%`, width: `${wait.width}%` }} />
        <i class={`ran ${attempt.outcome}`} style={{ left: `${ran.left}%`, width: `${ran.width}%` }} />
      </div>
      <span class="num">{duration(ranMs)}</span>
    </li>
  );
}

/** A handler that was given up: the attempt is over and nothing has told that its code is too. */
function stillRuns({ outcome, stoppedAt }: Attempt): boolean {
  return stoppedAt === null && (outcome === 'timed_out' || outcome === 'cancelled');
}

function untilStopped({ cancelRequestedAt, stoppedAt }: Attempt): string {
  if (cancelRequestedAt === null || stoppedAt === null) return '';
  return `, had stopped ${duration(Date.parse(stoppedAt) - Date.parse(cancelRequestedAt))} after its cancel`;
}

/** The error of every attempt that failed, the newest first and open. */
export function AttemptErrors({ job }: { job: JobDetail }) {
  const failed = job.attempts.filter(({ error }) => error !== null).reverse();
  return (
    <section class="card">
      <header class="pad">
        <h2>{failed.length === 1 ? 'Error' : 'Errors'}</h2>
      </header>
      {failed.length === 0 ? (
        <Empty title="No error">{job.error?.message ?? 'No attempt has failed.'}</Empty>
      ) : (
        failed.map((attempt, index) => <AttemptError key={attempt.startedAt} attempt={attempt} open={index === 0} />)
      )}
    </section>
  );
}

function AttemptError({ attempt: { attempt, error, finishedAt }, open }: { attempt: Attempt; open: boolean }) {
  if (!error) return null;
  return (
    <details open={open}>
      <summary>
        Attempt {attempt} <b class="bad">{error.name}</b> {error.code && <span class="tag mono">{error.code}</span>}{' '}
        {finishedAt && <small>{timestamp(finishedAt)}</small>}
      </summary>
      <p class="message">{error.message}</p>
      {error.stack && <pre>{error.stack}</pre>}
    </details>
  );
}

function toneOf({ outcome }: Attempt): string {
  if (outcome === 'succeeded') return 'good';
  return outcome === 'running' ? 'state running' : outcome === 'released' || outcome === 'cancelled' ? 'soft' : 'bad';
}

function waitingFor(job: JobDetail): string {
  if (job.state === 'blocked') return job.reason ?? 'It waits for other jobs.';
  if (job.state === 'scheduled' && job.runAt) return `It runs at ${timestamp(job.runAt)}.`;
  return job.state === 'cancelled' ? 'It was cancelled before it started.' : 'It starts when a worker is free.';
}

/** Jobs as rows. */
import type { JobSummary } from '../../../../src/contract/job-view.ts';
import { duration } from '../format.ts';
import { now } from '../live.ts';
import { State, Time } from './small.tsx';

export function JobTable({ jobs }: { jobs: readonly JobSummary[] }) {
  return (
    <div class="scroll">
      <table class="jobs">
        <thead>
          <tr>
            <th>Job</th>
            <th>State</th>
            <th class="wide">Queue</th>
            <th class="num wide">Attempt</th>
            <th class="wide">Key</th>
            <th class="num">Enqueued</th>
            <th class="num wide">Ran</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobRow({ job }: { job: JobSummary }) {
  const why = job.state === 'succeeded' ? undefined : (job.reason ?? job.error?.message);
  return (
    <tr>
      <th scope="row">
        <a href={`jobs/${job.id}`}>{job.type}</a>
        <small class="mono">{job.id}</small>
      </th>
      <td>
        <State state={job.state} />
        {why && (
          <small class="clip" title={why}>
            {why}
          </small>
        )}
      </td>
      <td class="wide">
        <span class={`lane-name ${job.lane}`}>{job.lane}</span> · {job.queue}
      </td>
      <td class="num wide">
        {job.attempt} of {job.maxAttempts}
      </td>
      <td class="wide mono clip-cell">{job.key ?? '–'}</td>
      <td class="num">
        <Time at={job.enqueuedAt} />
      </td>
      <td class="num wide">{duration(ranMs(job))}</td>
    </tr>
  );
}

function ranMs({ startedAt, finishedAt, state }: JobSummary): number | null {
  if (!startedAt) return null;
  const end = finishedAt ? Date.parse(finishedAt) : state === 'running' ? now.value : null;
  return end === null ? null : Math.max(0, end - Date.parse(startedAt));
}

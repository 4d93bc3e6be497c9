/** Jobs as rows. */
import type { JobSummary } from '../../../../src/contract/job-view.ts';
import { duration } from '../format.ts';
import { now } from '../live.ts';
import { State, Time } from './small.tsx';
import { type Column, Table } from './table.tsx';

interface TableProps {
  jobs: readonly JobSummary[];
  /** Ids of those that are ticked; with `onToggle` each row has a box. */
  chosen?: ReadonlySet<string>;
  onToggle?: ((id: string) => void) | undefined;
}

const columns: readonly Column[] = [
  { title: 'Job' },
  { title: 'State' },
  { title: 'Queue', class: 'wide' },
  { title: 'Attempt', class: 'num wide' },
  { title: 'Key', class: 'wide' },
  { title: 'Enqueued', class: 'num' },
  { title: 'Ran', class: 'num wide' },
];

const tickColumn: Column = { title: 'Chosen', class: 'tick', hidden: true };

export function JobTable({ jobs, chosen, onToggle }: TableProps) {
  return (
    <Table class="jobs" columns={onToggle ? [tickColumn, ...columns] : columns}>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} chosen={chosen?.has(job.id) ?? false} onToggle={onToggle} />
      ))}
    </Table>
  );
}

function JobRow({ job, chosen, onToggle }: { job: JobSummary; chosen: boolean; onToggle: TableProps['onToggle'] }) {
  const why = job.state === 'succeeded' ? undefined : whyOf(job);
  return (
    <tr data-job={job.id} class={chosen ? 'chosen' : ''}>
      {onToggle && (
        <td class="tick">
          <input
            type="checkbox"
            aria-label={`Choose ${job.type} ${job.id}`}
            checked={chosen}
            onChange={() => onToggle(job.id)}
          />
        </td>
      )}
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

/** A dead job is told by its error, any other by why it is where it is. */
function whyOf({ state, reason, error }: JobSummary): string | undefined {
  return (state === 'dead' ? (error?.message ?? reason) : (reason ?? error?.message)) ?? undefined;
}

function ranMs({ startedAt, finishedAt, state }: JobSummary): number | null {
  if (!startedAt) return null;
  const end = finishedAt ? Date.parse(finishedAt) : state === 'running' ? now.value : null;
  return end === null ? null : Math.max(0, end - Date.parse(startedAt));
}

/** Everything else that is known of a job, with links to the jobs it belongs to. */
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { session } from '../api.ts';
import { duration, timestamp } from '../format.ts';

type Value = preact.ComponentChildren;

/** Name and value of each fact; those without a value are not shown. */
function factsOf(job: JobDetail): [string, Value][] {
  return [
    ['Enqueued', timestamp(job.enqueuedAt)],
    ['Runs at', job.runAt && timestamp(job.runAt)],
    ['Started', job.startedAt && timestamp(job.startedAt)],
    ['Finished', job.finishedAt && timestamp(job.finishedAt)],
    ['Expires', job.expiresAt && timestamp(job.expiresAt)],
    ['Attempts', `${job.attempt} of ${job.maxAttempts}, at most ${duration(job.timeoutMs)} each`],
    ['Priority', job.priority],
    ['Key', job.key && <a href={filter('key', job.key)}>{job.key}</a>],
    ['Tenant', job.tenant && <a href={filter('tenant', job.tenant)}>{job.tenant}</a>],
    ['Owner', job.owner && <a href={filter('owner', job.owner)}>{job.owner}</a>],
    ['Worker', job.worker],
    ['Trace', job.traceId && <Trace id={job.traceId} />],
    ['Parent', job.parentId && <JobLinks ids={[job.parentId]} />],
    ['Children', job.childIds.length > 0 && <JobLinks ids={job.childIds} />],
    ['Waits for', job.waitsFor.length > 0 && <JobLinks ids={job.waitsFor} />],
    ['Metadata', job.metadata && <code>{JSON.stringify(job.metadata)}</code>],
  ];
}

export function JobFacts({ job }: { job: JobDetail }) {
  const facts = factsOf(job).filter(([, value]) => value);
  return (
    <section class="card">
      <header class="pad">
        <h2>Facts</h2>
      </header>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Trace({ id }: { id: string }) {
  const url = session.value?.traceUrl?.replace('{traceId}', id);
  return <span class="mono">{url ? <a href={url}>{id}</a> : id}</span>;
}

const shown = 20;

function JobLinks({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.slice(0, shown).map((id) => (
        <a key={id} class="mono" href={`jobs/${id}`}>
          {id}{' '}
        </a>
      ))}
      {ids.length > shown && `and ${ids.length - shown} more`}
    </>
  );
}

function filter(name: string, value: string): string {
  return `jobs?${new URLSearchParams({ [name]: value })}`;
}

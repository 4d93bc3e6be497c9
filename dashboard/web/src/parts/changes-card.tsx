/** What was done to a job: who retried, cancelled or edited it, and what its payload was before. */
import type { AuditedChange } from '../../../../src/contract/dead-letters.ts';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { getChanges } from '../api.ts';
import { bytes } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { Problem } from './problem.tsx';
import { JsonBlock, Time } from './small.tsx';

export function ChangesCard({ job }: { job: JobDetail }) {
  const { data, error, reload } = useLoad(`changes ${job.id} ${job.state} ${job.attempt}`, (signal) =>
    getChanges(job.id, signal),
  );
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section class="card" aria-label="What was done to it">
      <header class="pad">
        <h2>What was done to it</h2>
      </header>
      {data.items.map((change) => (
        <Change key={`${change.at} ${change.action}`} change={change} />
      ))}
    </section>
  );
}

function Change({ change }: { change: AuditedChange }) {
  const { at, actor, action, outcome, detail } = change;
  const edited = change.previousPayload !== undefined || change.previousPayloadFile !== undefined;
  const head = (
    <>
      <b>{action}</b> by {actor ?? 'the library'}{' '}
      {outcome !== 'done' && <span class="bad">{outcome ?? 'cut short'}</span>}{' '}
      <small class="inline">
        <Time at={at} />
      </small>
    </>
  );
  if (!edited) return <p class="change">{head}</p>;
  return (
    <details>
      <summary>
        {head} <span class="tag">edited {fieldsOf(detail)}</span>
      </summary>
      {change.previousPayloadFile ? (
        <p class="message">The payload before it had {bytes(change.previousPayloadFile.bytes)}; it is gone.</p>
      ) : (
        <JsonBlock value={change.previousPayload} label="The payload before" />
      )}
    </details>
  );
}

function fieldsOf(detail: AuditedChange['detail']): string {
  const fields = (detail as { edited?: unknown } | null)?.edited;
  return Array.isArray(fields) ? fields.join(' ') : '';
}

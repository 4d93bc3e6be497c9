/** The payload of a job: at once where it is in the row, when asked for where it is in the file store. */
import { useState } from 'preact/hooks';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import type { Json } from '../../../../src/contract/words.ts';
import { getPayload } from '../api.ts';
import { bytes } from '../format.ts';
import { Problem } from './problem.tsx';
import { JsonBlock } from './small.tsx';

export function PayloadCard({ job }: { job: JobDetail }) {
  const title = `Payload, version ${job.version}`;
  if (!job.payloadFile) return <JsonCard title={title} value={job.payload} />;
  return <LargePayload key={job.payloadFile.sha256} id={job.id} title={title} size={job.payloadFile.bytes} />;
}

export function JsonCard({ title, value }: { title: string; value: unknown }) {
  return (
    <section class="card">
      <header class="pad">
        <h2>{title}</h2>
      </header>
      <JsonBlock value={value} label={title} />
    </section>
  );
}

function LargePayload({ id, title, size }: { id: string; title: string; size: number }) {
  const [payload, setPayload] = useState<Json>();
  const [error, setError] = useState<unknown>();
  if (payload !== undefined) return <JsonCard title={title} value={payload} />;
  const load = () => void getPayload(id).then(setPayload, setError);
  return (
    <section class="card">
      <header class="pad">
        <h2>{title}</h2>
      </header>
      <p class="pad">
        It is in the file store, {bytes(size)}.{' '}
        <button type="button" onClick={load}>
          Show it
        </button>
      </p>
      {error !== undefined && <Problem error={error} onRetry={load} />}
    </section>
  );
}

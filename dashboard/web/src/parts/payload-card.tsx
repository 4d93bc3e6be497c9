/** The payload of a job: at once where it is in the row, when asked for where it is in the file store. */
import { useState } from 'preact/hooks';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { secretMask } from '../../../../src/contract/secret-mask.ts';
import type { Json } from '../../../../src/contract/words.ts';
import { getPayload, may, revealPayload } from '../api.ts';
import { bytes } from '../format.ts';
import { confirmed } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { JsonBlock } from './small.tsx';
import { attempt } from './toast.tsx';

export function PayloadCard({ job }: { job: JobDetail }) {
  const title = `Payload, version ${job.version}`;
  if (!job.payloadFile) return <ShownPayload key={job.id} id={job.id} title={title} payload={job.payload} />;
  return <LargePayload key={job.payloadFile.sha256} id={job.id} title={title} size={job.payloadFile.bytes} />;
}

/** With the way to see its secrets, for those who may. */
function ShownPayload({ id, title, payload }: { id: string; title: string; payload: Json }) {
  const [revealed, setRevealed] = useState<Json>();
  const hidden = revealed === undefined && may('jobs:reveal') && JSON.stringify(payload).includes(`"${secretMask}"`);
  const reveal = async () => {
    const text = 'They are shown on this page until you leave it. The audit says that you have seen them.';
    if (!(await confirmed({ title: 'Show the secrets of this job?', text, yes: 'Show them', danger: true }))) return;
    await attempt(async () => setRevealed(await revealPayload(id)), 'It is in the audit');
  };
  return (
    <JsonCard title={title} value={revealed ?? payload}>
      {hidden && (
        <button type="button" onClick={() => void reveal()}>
          Show secrets
        </button>
      )}
    </JsonCard>
  );
}

interface JsonCardProps {
  title: string;
  value: unknown;
  /** Beside the title. */
  children?: preact.ComponentChildren;
}

export function JsonCard({ title, value, children }: JsonCardProps) {
  return (
    <section class="card">
      <header class="pad">
        <h2>{title}</h2>
        {children}
      </header>
      <JsonBlock value={value} label={title} />
    </section>
  );
}

function LargePayload({ id, title, size }: { id: string; title: string; size: number }) {
  const [payload, setPayload] = useState<Json>();
  const [error, setError] = useState<unknown>();
  if (payload !== undefined) return <ShownPayload id={id} title={title} payload={payload} />;
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

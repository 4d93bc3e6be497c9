/** Retry with another payload: checked as JSON here, and by the job type's schema on the server. */
import { useRef, useState } from 'preact/hooks';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import type { Json } from '../../../../src/contract/words.ts';
import { actOnJob, getPayload } from '../api.ts';
import { useLoad } from '../use-load.ts';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { say } from './toast.tsx';

interface EditorProps {
  job: JobDetail;
  onClose(): void;
  onDone(): void;
}

export function PayloadEditor({ job, onClose, onDone }: EditorProps) {
  const text = useRef<HTMLTextAreaElement>(null);
  const { data: payload, error: unread } = useLoad(job.id, (signal) => getPayload(job.id, signal));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await actOnJob(job.id, 'retry', { payload: parse(text.current?.value ?? '') });
      say('It is on its way again with the new payload');
      onDone();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal title={`Edit and retry ${job.type}`} wide onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {payload === undefined ? (
          <p class="soft">Loading the payload</p>
        ) : (
          <label>
            Payload, version {job.version}
            <textarea ref={text} rows={16} spellcheck={false} defaultValue={JSON.stringify(payload, null, 2)} />
          </label>
        )}
        {(error ?? unread) !== undefined && <Problem error={error ?? unread} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="main" disabled={busy || payload === undefined}>
            Retry with this payload
          </button>
        </div>
      </form>
    </Modal>
  );
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

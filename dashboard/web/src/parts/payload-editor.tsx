/** Retry with another payload: in a form made from the job type's schema or as JSON, checked by that schema on the server. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Json } from '../../../../src/contract/words.ts';
import type { PayloadDraft } from '../../../handlers/show-draft.ts';
import { actOnJob, CallError, getDraft } from '../api.ts';
import { type Schema, shapeOf } from '../schema-fields.ts';
import { useLoad } from '../use-load.ts';
import { Modal } from './dialogs.tsx';
import { JsonArea } from './json-area.tsx';
import { Problem } from './problem.tsx';
import { SchemaForm } from './schema-form.tsx';
import { say } from './toast.tsx';

interface EditorProps {
  job: { id: string; type: string };
  onClose(): void;
  onDone(): void;
}

export function PayloadEditor({ job, onClose, onDone }: EditorProps) {
  const { data, error } = useLoad(job.id, (signal) => getDraft(job.id, signal));
  return (
    <Modal title={`Edit and retry ${job.type} ${job.id}`} wide onClose={onClose}>
      {error !== undefined && <Problem error={error} />}
      {data ? (
        <Editor id={job.id} draft={data} onClose={onClose} onDone={onDone} />
      ) : (
        <div class="actions">
          {error === undefined && <p class="soft">Loading the payload</p>}
          <button type="button" onClick={onClose}>
            Leave it
          </button>
        </div>
      )}
    </Modal>
  );
}

type DraftProps = { id: string; draft: PayloadDraft } & Pick<EditorProps, 'onClose' | 'onDone'>;

function Editor({ id, draft, onClose, onDone }: DraftProps) {
  const form = useRef<HTMLFormElement>(null);
  const schema = draft.schema as Schema;
  const hasFields = ['object', 'list'].includes(shapeOf(schema, schema).kind);
  const [asJson, setAsJson] = useState(!hasFields);
  const [payload, setPayload] = useState<Json>(draft.payload);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const problems = error instanceof CallError ? error.fields : [];
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  const submit = async () => {
    setBusy(true);
    try {
      await actOnJob(id, 'retry', { payload });
      say('It is on its way again with the new payload');
      onDone();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p class="editor-head">
        <span class="soft">Payload, version {draft.version}</span>
        {hasFields && (
          <button type="button" class="quiet" onClick={() => form.current?.reportValidity() && setAsJson(!asJson)}>
            {asJson ? 'As a form' : 'As JSON'}
          </button>
        )}
      </p>
      {asJson ? (
        <JsonArea
          value={payload}
          mayBeEmpty={false}
          rows={16}
          marks={{ 'aria-label': 'Payload as JSON' }}
          onChange={(next) => setPayload(next ?? null)}
        />
      ) : (
        <SchemaForm
          name="payload"
          {...{ schema, root: schema, value: payload, path: ['payload'], required: true, problems }}
          onChange={(next) => setPayload(next ?? null)}
        />
      )}
      {error !== undefined && <Problem error={asJson ? error : withoutFields(error)} />}
      <div class="actions">
        <button type="button" onClick={onClose}>
          Leave it
        </button>
        <button type="submit" class="main" disabled={busy}>
          Retry with this payload
        </button>
      </div>
    </form>
  );
}

/** The fields say it themselves. */
function withoutFields(error: unknown): unknown {
  return error instanceof CallError ? new CallError(error.status, error.message) : error;
}

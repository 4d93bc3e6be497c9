/** A form that makes something secret, and then the secret, which is shown once. */
import { useState } from 'preact/hooks';
import { Modal } from './dialogs.tsx';
import { FormDialog } from './form-dialog.tsx';

interface SecretDialogProps {
  title: string;
  yes: string;
  wide?: boolean;
  /** Answers the secret. */
  make(fields: FormData): Promise<string>;
  onClose(): void;
  onDone(): void;
  /** The fields. */
  children: preact.ComponentChildren;
}

export function SecretDialog({ title, yes, wide = false, make, onClose, onDone, children }: SecretDialogProps) {
  const [secret, setSecret] = useState<string>();
  const send = async (fields: FormData) => {
    setSecret(await make(fields));
    onDone();
  };
  if (secret !== undefined)
    return (
      <Modal title={title} wide={wide} onClose={onClose}>
        <p role="status">
          The value, shown this once: <code class="secret">{secret}</code>
        </p>
        <div class="actions">
          <button type="button" class="main" onClick={onClose}>
            I have it
          </button>
        </div>
      </Modal>
    );
  return (
    <FormDialog title={title} yes={yes} wide={wide} send={send} onClose={onClose}>
      {children}
    </FormDialog>
  );
}

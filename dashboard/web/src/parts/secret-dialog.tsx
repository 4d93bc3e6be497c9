/** A form that makes something secret, and then the secret, which is shown once. */
import { useState } from 'preact/hooks';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';

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
  const [error, setError] = useState<unknown>();
  const submit = async (form: HTMLFormElement) => {
    try {
      setSecret(await make(new FormData(form)));
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
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
    <Modal title={title} wide={wide} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        {children}
        {error !== undefined && <Problem error={error} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="main">
            {yes}
          </button>
        </div>
      </form>
    </Modal>
  );
}

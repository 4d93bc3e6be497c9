/** A dialog with a form: sends its fields, and says in place what is wrong with them. */
import { useState } from 'preact/hooks';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';

interface FormDialogProps {
  title: string;
  /** On the button that sends. */
  yes: string;
  wide?: boolean;
  /** What it throws is shown, and the form stays. */
  send(fields: FormData): Promise<void>;
  onClose(): void;
  /** The fields. */
  children: preact.ComponentChildren;
}

export function FormDialog({ title, yes, wide = false, send, onClose, children }: FormDialogProps) {
  const [error, setError] = useState<unknown>();
  return (
    <Modal title={title} wide={wide} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send(new FormData(event.currentTarget)).catch(setError);
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

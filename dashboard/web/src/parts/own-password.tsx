/** Who is logged in, and the way to another password of one's own. */
import { useState } from 'preact/hooks';
import { type SessionInfo, setOwnPassword } from '../api.ts';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { say } from './toast.tsx';

export function Self({ who }: { who: SessionInfo }) {
  const [open, setOpen] = useState(false);
  const title = who.role === 'admin' ? who.name : `${who.name} · ${who.role}`;
  if (!who.canLogOut) return <span class="wide">{title}</span>;
  return (
    <>
      <button type="button" class="quiet self" title="Change your password" onClick={() => setOpen(true)}>
        {title}
      </button>
      {open && <OwnPassword onClose={() => setOpen(false)} />}
    </>
  );
}

export function OwnPassword({ onClose }: { onClose: () => void }) {
  const [error, setError] = useState<unknown>();
  const submit = async (form: HTMLFormElement) => {
    const fields = new FormData(form);
    try {
      await setOwnPassword({ old: String(fields.get('old')), next: String(fields.get('next')) });
      say('Changed: your other sessions have ended');
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal title="Your password" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <label>
          The old one
          <input name="old" type="password" required autocomplete="current-password" />
        </label>
        <label>
          The new one, at least 8 characters
          <input name="next" type="password" required minLength={8} autocomplete="new-password" />
        </label>
        {error !== undefined && <Problem error={error} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="main">
            Change it
          </button>
        </div>
      </form>
    </Modal>
  );
}

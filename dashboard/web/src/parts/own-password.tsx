/** Who is logged in, and the way to another password of one's own. */
import { useState } from 'preact/hooks';
import { type SessionInfo, setOwnPassword } from '../api.ts';
import { FormDialog } from './form-dialog.tsx';
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
  const send = async (fields: FormData) => {
    await setOwnPassword({ old: String(fields.get('old')), next: String(fields.get('next')) });
    say('Changed: your other sessions have ended');
    onClose();
  };
  return (
    <FormDialog title="Your password" yes="Change it" send={send} onClose={onClose}>
      <label>
        The old one
        <input name="old" type="password" required autocomplete="current-password" />
      </label>
      <label>
        The new one, at least 8 characters
        <input name="next" type="password" required minLength={8} autocomplete="new-password" />
      </label>
    </FormDialog>
  );
}

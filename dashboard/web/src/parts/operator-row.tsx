/** One operator, with the way to another role or password. */
import { useState } from 'preact/hooks';
import { type Role, roleNames } from '../../../../src/contract/permissions.ts';
import type { OperatorView } from '../../../../src/http/auth/operators.ts';
import { may, removeOperator, session, setOperator } from '../api.ts';
import { confirmed } from './dialogs.tsx';
import { FormDialog } from './form-dialog.tsx';
import { OwnPassword } from './own-password.tsx';
import { Time } from './small.tsx';
import { attempt, say } from './toast.tsx';

export function OperatorRow({ operator, onChange }: { operator: OperatorView; onChange: () => void }) {
  const { name, role, seenAt, createdAt } = operator;
  const own = name === session.value?.name;
  return (
    <tr>
      <th scope="row">
        {name} {own && <span class="tag">you</span>}
      </th>
      <td>{may('operators:write') && !own ? <RoleChoice {...{ name, role, onChange }} /> : role}</td>
      <td class="wide">{seenAt ? <Time at={seenAt} /> : <span class="soft">has no session</span>}</td>
      <td class="wide">
        <Time at={createdAt} />
      </td>
      <td class="num">{may('operators:write') && <Actions {...{ name, own, onChange }} />}</td>
    </tr>
  );
}

function RoleChoice({ name, role, onChange }: { name: string; role: Role; onChange: () => void }) {
  const choose = async (next: Role) => {
    await attempt(() => setOperator(name, { role: next }), `${name} is ${next} now, and has to log in again`);
    onChange();
  };
  return (
    <select
      aria-label={`Role of ${name}`}
      value={role}
      onChange={(event) => void choose(event.currentTarget.value as Role)}
    >
      {roleNames.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  );
}

function Actions({ name, own, onChange }: { name: string; own: boolean; onChange: () => void }) {
  const [open, setOpen] = useState(false);
  const remove = async () => {
    const text = 'Whoever is logged in by this name is let go. What was done stays in the audit.';
    if (!(await confirmed({ title: `Remove ${name}?`, text, yes: 'Remove', danger: true }))) return;
    await attempt(() => removeOperator(name), 'Removed');
    onChange();
  };
  return (
    <span class="actions">
      <button
        type="button"
        aria-label={own ? 'Your password' : `New password for ${name}`}
        onClick={() => setOpen(true)}
      >
        Password
      </button>
      {!own && (
        <button type="button" class="danger" aria-label={`Remove ${name}`} onClick={() => void remove()}>
          Remove
        </button>
      )}
      {open && own && <OwnPassword onClose={() => setOpen(false)} />}
      {open && !own && <PasswordDialog name={name} onClose={() => setOpen(false)} />}
    </span>
  );
}

function PasswordDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const send = async (fields: FormData) => {
    await setOperator(name, { password: String(fields.get('password')) });
    say('Set: every session of that name has ended');
    onClose();
  };
  return (
    <FormDialog title={`New password for ${name}`} yes="Set the password" send={send} onClose={onClose}>
      <label>
        Password, at least 8 characters
        <input name="password" type="password" required minLength={8} autocomplete="new-password" />
      </label>
    </FormDialog>
  );
}

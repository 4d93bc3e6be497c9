/** A new operator. */
import { useState } from 'preact/hooks';
import { type Role, roleNames } from '../../../../src/contract/permissions.ts';
import { addOperator } from '../api.ts';
import { Problem } from './problem.tsx';
import { say } from './toast.tsx';

export function OperatorForm({ onChange }: { onChange: () => void }) {
  const [error, setError] = useState<unknown>();
  const submit = async (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name));
    try {
      await addOperator({ name: text('name').trim(), role: text('role') as Role, password: text('password') });
      setError(undefined);
      say('Added');
      form.reset();
    } catch (thrown) {
      setError(thrown);
    }
    onChange();
  };
  return (
    <form
      class="pad start"
      aria-label="New operator"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <label>
        Name
        <input name="name" required maxLength={64} autocomplete="off" placeholder="mia" />
      </label>
      <label>
        Role
        <select name="role">
          {roleNames.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
      </label>
      <label>
        Password
        <input name="password" type="password" required minLength={8} autocomplete="new-password" />
      </label>
      <button type="submit">Add</button>
      {error !== undefined && <Problem error={error} />}
    </form>
  );
}

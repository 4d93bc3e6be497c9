/** One API key, and what can be done with it. */
import { useState } from 'preact/hooks';
import type { ApiKey } from '../../../../src/http/auth/keys.ts';
import { may, removeKey } from '../api.ts';
import { confirmed } from './dialogs.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { Time } from './small.tsx';
import { attempt } from './toast.tsx';

export function KeyRow({ apiKey, onChange }: { apiKey: ApiKey; onChange: () => void }) {
  const { name, hint, scopes, tenant, ratePerMinute, usedAt, expiresAt, overlapUntil } = apiKey;
  const over = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  return (
    <tr class={over ? 'alarm' : ''}>
      <th scope="row">
        {name}
        <small class="mono">{hint === null ? 'a value of your own' : `${hint}…`}</small>
      </th>
      <td class="mono">{scopes.join(' ')}</td>
      <td class="wide">{tenant ?? <span class="soft">all</span>}</td>
      <td class="num wide">{ratePerMinute?.toLocaleString('en') ?? <span class="soft">no limit</span>}</td>
      <td class="wide">{usedAt ? <Time at={usedAt} /> : <span class="soft">never</span>}</td>
      <td>
        {over && <span class="bad">expired </span>}
        {expiresAt ? <Time at={expiresAt} /> : <span class="soft">never</span>}
        {overlapUntil && (
          <small>
            the former value ends <Time at={overlapUntil} />
          </small>
        )}
      </td>
      <td class="num">{may('keys:write') && <Actions name={name} onChange={onChange} />}</td>
    </tr>
  );
}

function Actions({ name, onChange }: { name: string; onChange: () => void }) {
  const [rotating, setRotating] = useState(false);
  const remove = async () => {
    const text = 'Whoever calls with it is refused within five seconds. This can not be taken back.';
    if (!(await confirmed({ title: `Remove the key ${name}?`, text, yes: 'Remove', danger: true }))) return;
    await attempt(() => removeKey(name), 'Removed');
    onChange();
  };
  return (
    <span class="actions">
      <button type="button" aria-label={`Rotate ${name}`} onClick={() => setRotating(true)}>
        Rotate
      </button>
      <button type="button" class="danger" aria-label={`Remove ${name}`} onClick={() => void remove()}>
        Remove
      </button>
      {rotating && <RotateDialog name={name} onClose={() => setRotating(false)} onDone={onChange} />}
    </span>
  );
}

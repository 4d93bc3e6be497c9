/** A new API key: what it is called, what it may do, for which tenant, how often and how long. */
import { addKey } from '../api.ts';
import { SecretDialog } from './secret-dialog.tsx';

interface KeyDialogProps {
  scopes: readonly string[];
  onClose(): void;
  onDone(): void;
}

export function KeyDialog({ scopes, ...rest }: KeyDialogProps) {
  return (
    <SecretDialog title="New key" yes="Make the key" wide make={make} {...rest}>
      <label>
        Name
        <input name="name" required pattern="[\w.\-]{1,64}" autocomplete="off" placeholder="shop-backend" />
      </label>
      <fieldset>
        <legend>It may</legend>
        <div class="choices">
          {scopes.map((scope) => (
            <label key={scope} class="choice">
              <input type="checkbox" name="scope" value={scope} /> {scope}
            </label>
          ))}
        </div>
      </fieldset>
      <label>
        More scopes, with blanks between: those of a product, or * for everything
        <input name="more" autocomplete="off" placeholder="posts:write users:*" />
      </label>
      <div class="start">
        <label>
          Tenant
          <input name="tenant" maxLength={64} autocomplete="off" placeholder="all" />
        </label>
        <label>
          Calls a minute
          <input name="ratePerMinute" type="number" min={1} max={1_000_000} placeholder="no limit" />
        </label>
        <label>
          Days that it works
          <input name="expiresInDays" type="number" min={1} max={3_650} placeholder="for ever" />
        </label>
      </div>
    </SecretDialog>
  );
}

async function make(fields: FormData): Promise<string> {
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  const more = text('more').split(/[\s,]+/u);
  const { key } = await addKey({
    name: text('name'),
    scopes: [...fields.getAll('scope').map(String), ...more].filter((scope) => scope !== ''),
    ...(text('tenant') && { tenant: text('tenant') }),
    ...(text('ratePerMinute') && { ratePerMinute: Number(text('ratePerMinute')) }),
    ...(text('expiresInDays') && { expiresInDays: Number(text('expiresInDays')) }),
  });
  return key;
}

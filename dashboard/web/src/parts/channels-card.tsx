/** Where alerts are told: webhooks, e-mail, browsers. */
import { useState } from 'preact/hooks';
import type { AlertChannel } from '../../../../src/contract/alerts.ts';
import { actOnChannel, addChannel, may } from '../api.ts';
import { BrowserSwitch } from './browser-switch.tsx';
import { confirmed } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { Empty, Time } from './small.tsx';
import { attempt } from './toast.tsx';

interface CardProps {
  channels: readonly AlertChannel[];
  pushKey: string | null;
  onChange(): void;
}

export function ChannelsCard({ channels, pushKey, onChange }: CardProps) {
  return (
    <section class="card" aria-label="Who is told">
      <header class="pad">
        <h2>Who is told</h2>
      </header>
      {channels.length === 0 ? (
        <Empty title="Nobody is told">
          Alerts are only shown here. Let this browser tell you, or give the URL of a webhook or an e-mail address.
        </Empty>
      ) : (
        <table>
          <tbody>
            {channels.map((channel) => (
              <Channel key={channel.id} channel={channel} onChange={onChange} />
            ))}
          </tbody>
        </table>
      )}
      <BrowserSwitch channels={channels} pushKey={pushKey} onChange={onChange} />
      {may('alerts:write') && <AddForm onChange={onChange} />}
    </section>
  );
}

function Channel({ channel, onChange }: { channel: AlertChannel; onChange: () => void }) {
  const { id, url, okAt, error } = channel;
  const host = nameOf(channel);
  const remove = async () => {
    const text = 'It hears of no further alert. What is on its way to it is dropped.';
    if (!(await confirmed({ title: `Remove ${host}?`, text, yes: 'Remove', danger: true }))) return;
    await attempt(() => actOnChannel(id, 'remove'), 'Removed');
    onChange();
  };
  return (
    <tr class={error === null ? '' : 'alarm'}>
      <th scope="row">
        <span class="clip" title={url}>
          {host}
        </span>
        <small class={error === null ? '' : 'bad'}>
          {error ?? (okAt === null ? 'nothing was sent yet' : <Sent at={okAt} />)}
        </small>
      </th>
      <td class="num">
        {may('alerts:write') && (
          <span class="actions">
            <button
              type="button"
              aria-label={`Test ${host}`}
              onClick={() => void attempt(() => actOnChannel(id, 'test'), 'A test is on its way').then(onChange)}
            >
              Test
            </button>
            <button type="button" class="danger" aria-label={`Remove ${host}`} onClick={() => void remove()}>
              Remove
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}

/** The host of a webhook, the address, or whose browser it is. */
function nameOf({ kind, url, createdBy, id }: AlertChannel): string {
  if (kind === 'push') return `Browser ${id} of ${createdBy}`;
  return url.startsWith('mailto:') ? url.slice('mailto:'.length) : new URL(url).host;
}

function Sent({ at }: { at: string }) {
  return (
    <>
      last told <Time at={at} />
    </>
  );
}

function AddForm({ onChange }: { onChange: () => void }) {
  const [error, setError] = useState<unknown>();
  const [secret, setSecret] = useState<string>();
  const submit = async (form: HTMLFormElement) => {
    try {
      const written = String(new FormData(form).get('url')).trim();
      const added = await addChannel(/^[^:/]+@/u.test(written) ? `mailto:${written}` : written);
      setSecret(added.secret ?? undefined);
      setError(undefined);
      form.reset();
    } catch (thrown) {
      setError(thrown);
    }
    onChange();
  };
  return (
    <form
      class="pad start"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <label class="grow">
        URL of a webhook, or an e-mail address
        <input name="url" required autocomplete="off" placeholder="https://hooks.example/alerts" />
      </label>
      <button type="submit">Add</button>
      {secret !== undefined && (
        <p role="status">
          The secret its messages are signed with, shown once: <code class="secret">{secret}</code>
        </p>
      )}
      {error !== undefined && <Problem error={error} />}
    </form>
  );
}

/** Tells alerts in this browser, or no more. */
import { useEffect, useState } from 'preact/hooks';
import type { AlertChannel } from '../../../../src/contract/alerts.ts';
import { addBrowser, may, removeBrowser } from '../api.ts';
import { canPush, ownBrowser, subscribe, unsubscribe } from '../push.ts';
import { attempt } from './toast.tsx';

interface SwitchProps {
  channels: readonly AlertChannel[];
  /** Null: the installation has no Web Push. */
  pushKey: string | null;
  onChange(): void;
}

export function BrowserSwitch({ channels, pushKey, onChange }: SwitchProps) {
  const [own, setOwn] = useState<string | null>(null);
  const look = () => void ownBrowser().then(setOwn, () => setOwn(null));
  useEffect(look, []);
  if (!may('alerts:operate')) return null;
  if (!pushKey) return <Note>Browsers can be told too, once the TWOLANE_VAPID_… settings are there.</Note>;
  if (!canPush()) return <Note>This browser takes no notifications here; they need HTTPS.</Note>;
  const on = own !== null && channels.some(({ browser }) => browser === own);
  const turn = async () => {
    if (on) await attempt(async () => removeBrowser((await unsubscribe()) ?? ''), 'This browser is told no more');
    else await attempt(async () => addBrowser(await subscribe(pushKey)), 'A first notification is on its way');
    look();
    onChange();
  };
  return (
    <p class="pad browser">
      <button type="button" aria-pressed={on} onClick={() => void turn()}>
        {on ? 'Stop telling this browser' : 'Tell me in this browser'}
      </button>
      <span class="soft">
        {on ? 'It is told, also while this page is closed.' : 'As notifications, also while this page is closed.'}
      </span>
    </p>
  );
}

function Note({ children }: { children: string }) {
  return <p class="pad soft">{children}</p>;
}

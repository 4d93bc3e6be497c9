/** This browser as a place where alerts are told: its service worker, and its subscription with its push service. */
import type { AlertBrowser } from '../../../src/contract/alerts.ts';

/** False without HTTPS, and where browsers have no Web Push. */
export const canPush = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const worker = new URL('push.js', document.baseURI).href;

/** The policy of these pages takes scripts from nowhere else. */
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
function trusted(): string {
  policy ??= (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('twolane', {
    createScriptURL: () => worker,
  });
  return policy ? policy.createScriptURL(worker) : worker;
}

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(document.baseURI);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** As channels name this browser; null when it has no subscription. */
export async function ownBrowser(): Promise<string | null> {
  const own = canPush() ? await subscription() : null;
  if (!own) return null;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(own.endpoint));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks the person, then the push service. @throws Error that says what to do */
export async function subscribe(applicationServerKey: string): Promise<AlertBrowser> {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error(
      'The browser does not let this page notify you. Allow it in the settings of the site, then try again.',
    );
  const registration = await navigator.serviceWorker.register(trusted(), { scope: document.baseURI });
  await navigator.serviceWorker.ready;
  // One that was made with another key can't be used.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const { endpoint = '', keys } = made.toJSON();
  return { endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } };
}

/** Ends the subscription; its address, so that the server forgets it too. */
export async function unsubscribe(): Promise<string | undefined> {
  const own = await subscription();
  await own?.unsubscribe();
  return own?.endpoint;
}

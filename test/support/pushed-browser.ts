/**
 * Web Push in a real browser without the push service of its maker: the subscription is one of a push service of ours, and what
 * that was told is given to the page's own service worker as the browser would.
 */
import type { Page } from 'playwright-core';
import type { Browser } from './push-service.ts';

/** What a page finds in place of `PushManager`; only the answers of the maker's servers are stood in for. */
const standIn = (subscription: unknown) => `{
  let own = null;
  const made = { ...${JSON.stringify(subscription)}, toJSON: () => (${JSON.stringify(subscription)}),
    unsubscribe: async () => { own = null; return true; } };
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || !applicationServerKey) throw new Error('A browser would refuse');
    return own = made;
  };
  PushManager.prototype.getSubscription = async () => own;
}`;

/** The way to the service worker: gives it a message, and answers the notifications that are shown then. */
export async function standInForPush(page: Page, { subscription }: Browser) {
  const context = page.context();
  const { origin } = new URL(page.url());
  await context.grantPermissions(['notifications'], { origin });
  await page.evaluate(standIn(subscription));
  const devtools = await context.newCDPSession(page);
  let registrationId = '';
  devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations.at(-1)?.registrationId ?? registrationId;
  });
  await devtools.send('ServiceWorker.enable');
  return async (message: unknown): Promise<{ title: string; body: string }[]> => {
    await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) });
    const shown = `navigator.serviceWorker.ready.then((own) => own.getNotifications())
      .then((all) => all.map(({ title, body }) => ({ title, body })))`;
    for (let tries = 0; tries < 100; tries += 1) {
      const found = await page.evaluate<{ title: string; body: string }[]>(shown);
      if (found.length > 0) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [];
  };
}

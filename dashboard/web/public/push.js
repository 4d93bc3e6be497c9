/** The service worker of alerts: shows what is pushed, also while no page is open, and leads to the page. It asks the network for nothing. */
self.addEventListener('push', (event) => {
  const { type, text, tag } = event.data.json();
  const firing = type === 'alert.firing';
  event.waitUntil(
    self.registration.showNotification('Twolane', {
      body: text,
      tag,
      icon: 'icon.svg',
      renotify: firing,
      requireInteraction: firing,
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(toAlerts(new URL('alerts', self.registration.scope).href));
});

async function toAlerts(page) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find(({ url }) => url.startsWith(page));
  return open ? open.focus() : self.clients.openWindow(page);
}

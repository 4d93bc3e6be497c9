/** Alerts in an operator's own browser: on and off, for whoever acts on alerts. */
import { z } from 'zod';
import type { AlertBrowser } from '../../src/contract/alerts.ts';
import { audited } from '../../src/http/audit.ts';
import { Problem } from '../../src/http/problem.ts';
import { pushSubscription } from '../../src/http/push-subscription.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';
import { checked } from './alert-channels.ts';

export const addAlertBrowser = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alert-browsers',
    tag,
    summary: 'Tell alerts in this browser: what `PushSubscription.toJSON()` gives',
    access: 'operator',
    scope: 'alerts:operate',
    body: pushSubscription,
    answer: { status: 201, description: 'Done; the browser is told so at once' },
    async handle({ body, actor }) {
      const entry = { actor: actor.name, action: 'alert.add-browser', target: 'channel:browser' };
      await audited(services, entry, () => checked('/endpoint', () => add(services, body, actor.name)));
      return { status: 201, body: {} };
    },
  });

export const removeAlertBrowser = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alert-browsers/remove',
    tag,
    summary: 'Tell alerts in this browser no more',
    access: 'operator',
    scope: 'alerts:operate',
    body: z.strictObject({ endpoint: z.string().max(2_000) }),
    answer: { status: 204, description: 'Nothing is sent there any more' },
    async handle({ body: { endpoint }, actor }) {
      const entry = { actor: actor.name, action: 'alert.remove-browser', target: 'channel:browser' };
      await audited(services, entry, () => services.alerts.removeBrowser(endpoint));
      return { status: 204 };
    },
  });

async function add({ alerts }: Services, browser: AlertBrowser, actor: string): Promise<void> {
  if (alerts.pushKey) return alerts.addBrowser(browser, actor);
  const cure =
    'Set TWOLANE_VAPID_PUBLIC_KEY, TWOLANE_VAPID_PRIVATE_KEY and TWOLANE_VAPID_SUBJECT, for the pages and for schedulers.';
  throw new Problem(409, 'not_configured', 'No Web Push here', cure);
}

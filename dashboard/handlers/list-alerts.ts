/** What is wrong now, who is told of it, by which rules, and what nobody wants to be told. */
import { z } from 'zod';
import type { Alert, AlertChannel, AlertRule, AlertSilence } from '../../src/contract/alerts.ts';
import { pageQuery } from '../../src/http/page.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export interface ShownAlerts {
  open: Alert[];
  rules: AlertRule[];
  silences: AlertSilence[];
  channels: AlertChannel[];
  /** What browsers subscribe with; null without Web Push. */
  pushKey: string | null;
}

export const listAlerts = ({ alerts }: Services): Route =>
  route({
    method: 'get',
    path: '/api/alerts',
    tag,
    summary: 'What is wrong now, and the rules',
    access: 'operator',
    scope: 'alerts:read',
    answer: { status: 200, description: '`{open, rules, silences, channels, pushKey}`' },
    async handle({ actor: { scopes } }) {
      const [open, rules, silences, channels] = await Promise.all([
        alerts.open(),
        alerts.rules(),
        alerts.silences(),
        alerts.channels(),
      ]);
      const shown = scopes.includes('alerts:write') ? channels : channels.map(withoutSecrets);
      const body: ShownAlerts = { open, rules, silences, channels: shown, pushKey: alerts.pushKey ?? null };
      return { body };
    },
  });

/** Whoever knows the URL of a chat's webhook may write there. */
function withoutSecrets(channel: AlertChannel): AlertChannel {
  return channel.kind === 'webhook' ? { ...channel, url: new URL(channel.url).origin } : channel;
}

export const listPastAlerts = ({ alerts }: Services): Route =>
  route({
    method: 'get',
    path: '/api/alerts/past',
    tag,
    summary: 'What was wrong',
    access: 'operator',
    scope: 'alerts:read',
    query: z.object(pageQuery),
    answer: { status: 200, description: '`{items, nextCursor}`, the newest first' },
    handle: async ({ query }) => ({ body: await alerts.past(query) }),
  });

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
}

export const listAlerts = ({ alerts }: Services): Route =>
  route({
    method: 'get',
    path: '/api/alerts',
    tag,
    summary: 'What is wrong now, and the rules',
    access: 'operator',
    scope: 'alerts:read',
    answer: { status: 200, description: '`{open, rules, silences, channels}`' },
    async handle() {
      const [open, rules, silences, channels] = await Promise.all([
        alerts.open(),
        alerts.rules(),
        alerts.silences(),
        alerts.channels(),
      ]);
      const body: ShownAlerts = { open, rules, silences, channels };
      return { body };
    },
  });

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

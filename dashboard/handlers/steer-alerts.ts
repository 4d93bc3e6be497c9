/** Acknowledges an alert; silences what somebody knows about already, until a time that is told beforehand. */
import { z } from 'zod';
import { alertKindNames } from '../../src/contract/alerts.ts';
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { idParams, type Services, tag } from '../services.ts';

export const acknowledgeAlert = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alerts/:id/acknowledge',
    tag,
    summary: 'Acknowledge an alert',
    access: 'operator',
    scope: 'alerts:operate',
    params: idParams,
    answer: { status: 204, description: 'Done; it is not told again' },
    async handle({ params: { id }, actor }) {
      const entry = { actor: actor.name, action: 'alert.acknowledge', target: `alert:${id}` };
      await audited(services, entry, () => services.alerts.acknowledge(id, actor.name));
      return { status: 204 };
    },
  });

const longestMinutes = 7 * 24 * 60;

export const silenceAlerts = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/silences',
    tag,
    summary: 'Silence alerts',
    access: 'operator',
    scope: 'alerts:operate',
    body: z.strictObject({
      kind: z.enum(alertKindNames).nullable(),
      target: z.string().min(1).max(255).nullable(),
      reason: z.string().trim().min(1, 'say why').max(500),
      minutes: z.int().min(1).max(longestMinutes),
    }),
    answer: { status: 201, description: 'The silence' },
    async handle({ body: { minutes, ...wish }, actor }) {
      const until = new Date(Date.now() + minutes * 60_000).toISOString();
      const target = `alert:${wish.kind ?? '*'} ${wish.target ?? '*'}`;
      const entry = { actor: actor.name, action: 'alert.silence', target, detail: { until, reason: wish.reason } };
      const silence = () => services.alerts.silence({ ...wish, actor: actor.name, until });
      return { status: 201, body: await audited(services, entry, silence) };
    },
  });

export const endSilence = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/silences/:id/end',
    tag,
    summary: 'End a silence',
    access: 'operator',
    scope: 'alerts:operate',
    params: idParams,
    answer: { status: 204, description: 'Done' },
    async handle({ params: { id }, actor }) {
      const entry = { actor: actor.name, action: 'alert.end-silence', target: `silence:${id}` };
      await audited(services, entry, () => services.alerts.endSilence(id));
      return { status: 204 };
    },
  });

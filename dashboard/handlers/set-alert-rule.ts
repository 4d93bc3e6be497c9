/** Writes when something counts as wrong, for all or for one queue or schedule; or goes back to the rule before that. */
import { z } from 'zod';
import { alertKindNames } from '../../src/contract/alerts.ts';
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

const place = {
  kind: z.enum(alertKindNames),
  target: z.string().min(1).max(255).nullable(),
};

export const setAlertRule = (services: Services): Route =>
  route({
    method: 'put',
    path: '/api/alert-rules',
    tag,
    summary: 'Write a rule of alerts',
    access: 'operator',
    scope: 'alerts:write',
    body: z.strictObject({
      ...place,
      threshold: z.number().min(0).max(1e9).nullable(),
      forS: z.int().min(0).max(86_400),
      enabled: z.boolean(),
    }),
    answer: { status: 204, description: 'Done' },
    async handle({ body, actor }) {
      const { kind, target, ...detail } = body;
      const entry = { actor: actor.name, action: 'alert.set-rule', target: `alert:${kind} ${target ?? '*'}`, detail };
      await audited(services, entry, () => services.alerts.setRule(body, actor.name));
      return { status: 204 };
    },
  });

export const dropAlertRule = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alert-rules/drop',
    tag,
    summary: 'Go back to the rule of the release',
    access: 'operator',
    scope: 'alerts:write',
    body: z.strictObject(place),
    answer: { status: 204, description: 'Done' },
    async handle({ body: { kind, target }, actor }) {
      const entry = { actor: actor.name, action: 'alert.drop-rule', target: `alert:${kind} ${target ?? '*'}` };
      await audited(services, entry, () => services.alerts.dropRule(kind, target));
      return { status: 204 };
    },
  });

/** Where alerts are told: adds a channel, tries it, takes it away. */
import { z } from 'zod';
import { audited } from '../../src/http/audit.ts';
import { Problem } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { idParams, type Services, tag } from '../services.ts';

const mailAddress = z
  .string()
  .max(300)
  .regex(/^mailto:[^\s@<>,;]+@[^\s@<>,;]+$/, 'must be a URL, or mailto: with one address');

export const addAlertChannel = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alert-channels',
    tag,
    summary: 'Tell alerts to a webhook or by e-mail',
    access: 'operator',
    scope: 'alerts:write',
    body: z.strictObject({ url: z.union([z.url({ protocol: /^https?$/ }).max(2_000), mailAddress]) }),
    answer: { status: 201, description: '`{channel, secret}`; the secret is told once' },
    async handle({ body: { url }, actor }) {
      // A URL may carry a secret of its own, an address is a person: the audit knows the host.
      const entry = {
        actor: actor.name,
        action: 'alert.add-channel',
        target: `channel:${new URL(url).host || 'e-mail'}`,
      };
      return {
        status: 201,
        body: await audited(services, entry, () => checked('/url', () => services.alerts.addChannel(url, actor.name))),
      };
    },
  });

/** Names the field whose URL no call may go to. */
export async function checked<T>(pointer: string, add: () => Promise<T>): Promise<T> {
  try {
    return await add();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'url_refused') throw error;
    const detail = (error as Error).message;
    throw new Problem(422, 'url_refused', 'The URL does not fit', detail, { errors: [{ pointer, detail }] });
  }
}

export const steerAlertChannel = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/alert-channels/:id/:action',
    tag,
    summary: 'Try or remove a channel of alerts',
    access: 'operator',
    scope: 'alerts:write',
    params: idParams.extend({ action: z.enum(['test', 'remove']) }),
    answer: { status: 202, description: 'Done; a test is sent within seconds' },
    async handle({ params: { id, action }, actor }) {
      const entry = { actor: actor.name, action: `alert.${action}-channel`, target: `channel:${id}` };
      const { alerts } = services;
      await audited(services, entry, () => (action === 'test' ? alerts.testChannel(id) : alerts.removeChannel(id)));
      return { status: 202, body: {} };
    },
  });

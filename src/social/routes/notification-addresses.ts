/** `/v1/notification-addresses`: the e-mail address and the webhook at which somebody is notified. */
import { z } from 'zod';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { newWebhookSecret } from '../../webhooks/sign.ts';
import { notConfigured, wrongCode } from '../problems.ts';
import type { SocialServices } from '../services.ts';
import { checkedUrl } from './checked-url.ts';

const path = '/v1/notification-addresses';
const shared = { tag: 'notifications', access: 'user' } as const;

export const getNotificationAddresses = ({ notifications }: SocialServices): Route =>
  route({
    ...shared,
    method: 'get',
    path,
    summary: 'Read the e-mail address and the webhook at which you are notified',
    answer: {
      status: 200,
      description: 'Null where there is none',
      schema: z.object({
        email: z.object({ address: z.string(), confirmed: z.boolean() }).nullable(),
        webhook: z.object({ url: z.string() }).nullable(),
      }),
    },
    async handle({ userId }) {
      const targets = await notifications.targets.of(userId);
      const [email, webhook] = (['email', 'webhook'] as const).map((name) =>
        targets.find(({ channel }) => channel === name),
      );
      return {
        body: {
          email: email ? { address: email.address, confirmed: email.confirmed } : null,
          webhook: webhook ? { url: webhook.address } : null,
        },
      };
    },
  });

export const putNotificationEmail = ({ notifications }: SocialServices): Route =>
  route({
    ...shared,
    method: 'put',
    path: `${path}/email`,
    summary: 'Be notified by e-mail; you are sent a code to confirm the address with, unless a key acts for you',
    body: z.object({ address: z.email().max(254) }),
    answer: { status: 202, description: 'The address', schema: z.object({ confirmed: z.boolean() }) },
    async handle({ body: { address }, userId, actor }) {
      if (!notifications.configured.includes('email')) throw notConfigured('e-mail');
      await notifications.addresses.put(userId, address, actor.kind === 'key');
      const [target] = await notifications.targets.of(userId, 'email');
      return { status: 202, body: { confirmed: target?.confirmed === true } };
    },
  });

export const confirmNotificationEmail = ({ notifications }: SocialServices): Route =>
  route({
    ...shared,
    method: 'post',
    path: `${path}/email/confirm`,
    summary: 'Confirm your e-mail address by the code that was sent there',
    limitPerMinute: 30,
    body: z.object({ code: z.string().regex(/^\d{6}$/, 'must be the six digits of the mail') }),
    answer: { status: 204, description: 'Mail is sent there from now on' },
    async handle({ body: { code }, userId }) {
      if (!(await notifications.addresses.confirm(userId, code))) throw wrongCode();
      return { status: 204 };
    },
  });

export const putNotificationWebhook = ({ notifications, enqueuer }: SocialServices): Route =>
  route({
    ...shared,
    method: 'put',
    path: `${path}/webhook`,
    summary: 'Be notified by a webhook; each call makes a new secret',
    body: z.object({ url: z.string().max(2_000) }),
    answer: {
      status: 200,
      description: 'The secret to verify calls with (Standard Webhooks), told here and never again',
      schema: z.object({ secret: z.string() }),
    },
    async handle({ body: { url }, userId }) {
      const address = checkedUrl(notifications, url, '/url');
      const secret = newWebhookSecret();
      const target = { userId, channel: 'webhook' as const, address, keys: { secret }, confirmed: true };
      await enqueuer.transaction((tx) => notifications.targets.put(tx, target));
      return { body: { secret } };
    },
  });

export const deleteNotificationAddress = ({ notifications }: SocialServices): Route =>
  route({
    ...shared,
    method: 'delete',
    path: `${path}/:channel`,
    summary: 'Be notified there no more',
    params: z.object({ channel: z.enum(['email', 'webhook']) }),
    answer: { status: 204, description: 'Nothing is sent there any more' },
    async handle({ params: { channel }, userId }) {
      if (!(await notifications.targets.remove(userId, { channel }))) throw notFound('address');
      return { status: 204 };
    },
  });

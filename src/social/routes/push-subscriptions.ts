/** `/v1/push-subscriptions`: the browsers in which somebody is notified. */
import { z } from 'zod';
import { notFound } from '../../http/problem.ts';
import { pushSubscription } from '../../http/push-subscription.ts';
import { type Route, route } from '../../http/route.ts';
import { notConfigured } from '../problems.ts';
import { ownId, postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';
import { checkedUrl } from './checked-url.ts';

const path = '/v1/push-subscriptions';

export const createPushSubscription = ({ notifications, enqueuer }: SocialServices): Route =>
  route({
    method: 'post',
    path,
    tag: 'notifications',
    summary: 'Be notified in this browser: what `PushSubscription.toJSON()` gives; again changes nothing',
    access: 'user',
    body: pushSubscription,
    answer: { status: 201, description: 'The subscription', schema: z.object({ id: ownId }) },
    async handle({ body: { endpoint, keys }, userId }) {
      if (!notifications.pushKey) throw notConfigured('Web Push');
      const address = checkedUrl(notifications, endpoint, '/endpoint');
      const target = { userId, channel: 'push' as const, address, keys, confirmed: true };
      const id = await enqueuer.transaction((tx) => notifications.targets.put(tx, target));
      return { status: 201, body: { id } };
    },
  });

export const listPushSubscriptions = ({ notifications }: SocialServices): Route =>
  route({
    method: 'get',
    path,
    tag: 'notifications',
    summary: 'List the browsers in which you are notified, at most 20, and the key to subscribe with',
    access: 'user',
    answer: {
      status: 200,
      description: 'The newest first',
      schema: z.object({
        publicKey: z.string().nullable().describe('`applicationServerKey` of `subscribe`; null: no Web Push here'),
        items: z.array(z.object({ id: ownId, endpoint: z.string(), createdAt: z.iso.datetime() })),
      }),
    },
    async handle({ userId }) {
      const found = await notifications.targets.of(userId, 'push');
      const items = found.map(({ id, address, createdAt }) => ({
        id,
        endpoint: address,
        createdAt: createdAt.toISOString(),
      }));
      return { body: { publicKey: notifications.pushKey ?? null, items } };
    },
  });

export const deletePushSubscription = ({ notifications }: SocialServices): Route =>
  route({
    method: 'delete',
    path: `${path}/:id`,
    tag: 'notifications',
    summary: 'Be notified in that browser no more',
    access: 'user',
    params: postParams,
    answer: { status: 204, description: 'Nothing is sent there any more' },
    async handle({ params: { id }, userId }) {
      if (!(await notifications.targets.remove(userId, { id }))) throw notFound('subscription');
      return { status: 204 };
    },
  });

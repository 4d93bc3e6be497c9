/** What webhooks were sent: the log of a webhook, its test, and a delivery once more. */
import { z } from 'zod';
import { idParams, idSchema, pageOf, pageQuery } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { deliverySchema } from '../webhook-schemas.ts';

type Deps = Pick<ApiDeps, 'webhooks'>;

const shared = { tag: 'webhooks', access: 'key', tenant: 'own' } as const;
const oneDelivery = { status: 202, description: 'The delivery, on its way.', schema: deliverySchema };
const deliveryParams = z.object({ id: idSchema, deliveryId: idSchema });

export function deliveryRoutes(deps: Deps): readonly Route[] {
  return [test(deps), deliveries(deps), redeliver(deps)];
}

function test({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'post',
    path: '/v1/webhooks/:id/test',
    summary: 'Send an event `webhook.test`',
    params: idParams,
    answer: oneDelivery,
    handle: async ({ params, actor }) => ({ body: foundWebhook(await webhooks.test(params.id, actor.tenant)) }),
  });
}

function deliveries({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/v1/webhooks/:id/deliveries',
    summary: 'What was sent, the newest first, with every attempt',
    params: idParams,
    query: z.strictObject(pageQuery),
    answer: { status: 200, description: 'A page of the log.', schema: pageOf(deliverySchema) },
    handle: async ({ params, query, actor }) => ({
      body: foundWebhook(await webhooks.deliveries(params.id, actor.tenant, query)),
    }),
  });
}

function redeliver({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'post',
    path: '/v1/webhooks/:id/deliveries/:deliveryId/redeliver',
    summary: 'Send a delivery once more, under the same `webhook-id`',
    params: deliveryParams,
    answer: oneDelivery,
    handle: async ({ params: { id, deliveryId }, actor }) => ({
      body: foundWebhook(await webhooks.redeliver(id, actor.tenant, deliveryId)),
    }),
  });
}

/** @throws Problem 404 `not_found` for undefined */
export function foundWebhook<T>(one: T | undefined): T {
  if (one === undefined) throw notFound('webhook or delivery');
  return one;
}

/** Webhooks of the product: their settings and their secrets. */
import { z } from 'zod';
import { withinTenant } from '../../http/auth/tenant.ts';
import { idParams, pageOf, pageQuery } from '../../http/page.ts';
import { invalidRequest, notFound, Problem } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { secretField, webhookFields, webhookSchema } from '../webhook-schemas.ts';
import { deliveryRoutes, foundWebhook } from './webhook-deliveries.ts';

type Deps = Pick<ApiDeps, 'webhooks' | 'catalog'>;

const shared = { tag: 'webhooks', access: 'key', tenant: 'own' } as const;
const secret = { 'cache-control': 'no-store' };
const oneWebhook = { status: 200, description: 'The webhook.', schema: webhookSchema };

export function webhookRoutes(deps: Deps): readonly Route[] {
  return [...[create(deps), list(deps), get(deps), change(deps), remove(deps), rotate(deps)], ...deliveryRoutes(deps)];
}

function create({ webhooks, catalog }: Deps): Route {
  const fields = webhookFields(webhooks.events);
  return route({
    ...shared,
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Tell a URL of yours what happens, by Standard Webhooks',
    body: z
      .strictObject({
        ...fields,
        jobTypes: fields.jobTypes.default(null),
        ordered: fields.ordered.default(false),
        tenant: z.string().min(1).max(64).optional().describe("Default: the key's, or all."),
      })
      .meta({ id: 'NewWebhook' }),
    answer: {
      status: 201,
      description: 'The webhook, with its secret.',
      schema: webhookSchema.extend({ secret: secretField }).meta({ id: 'CreatedWebhook' }),
    },
    async handle({ body: { tenant, ...settings }, actor }) {
      checkTypes(catalog, settings.jobTypes);
      const made = await webhooks
        .create({ ...settings, tenant: withinTenant(actor, tenant) ?? null })
        .catch(explainUrl);
      return {
        body: { ...made.webhook, secret: made.secret },
        headers: { ...secret, location: `/v1/webhooks/${made.webhook.id}` },
      };
    },
  });
}

function list({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/v1/webhooks',
    summary: 'Webhooks, the newest first',
    query: z.strictObject(pageQuery),
    answer: { status: 200, description: 'A page of webhooks.', schema: pageOf(webhookSchema) },
    handle: async ({ query, actor }) => ({ body: await webhooks.list(actor.tenant, query) }),
  });
}

function get({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/v1/webhooks/:id',
    summary: 'One webhook',
    params: idParams,
    answer: oneWebhook,
    handle: async ({ params, actor }) => ({ body: foundWebhook(await webhooks.get(params.id, actor.tenant)) }),
  });
}

function change({ webhooks, catalog }: Deps): Route {
  return route({
    ...shared,
    method: 'patch',
    path: '/v1/webhooks/:id',
    summary: 'Change a webhook; what is not named stays',
    params: idParams,
    body: z
      .strictObject({
        ...webhookFields(webhooks.events),
        enabled: z.boolean().describe('True starts a disabled one again and forgets its failures.'),
      })
      .partial()
      .meta({ id: 'WebhookChanges' }),
    answer: oneWebhook,
    async handle({ params, body, actor }) {
      checkTypes(catalog, body.jobTypes);
      return { body: foundWebhook(await webhooks.change(params.id, actor.tenant, body).catch(explainUrl)) };
    },
  });
}

function remove({ webhooks }: Deps): Route {
  return route({
    ...shared,
    method: 'delete',
    path: '/v1/webhooks/:id',
    summary: 'Delete a webhook with its log; what is on its way is not sent any more',
    params: idParams,
    answer: { status: 204, description: 'Gone.' },
    async handle({ params, actor }) {
      if (!(await webhooks.remove(params.id, actor.tenant))) throw notFound('webhook');
      return {};
    },
  });
}

function rotate({ webhooks }: Deps): Route {
  const day = 24 * 3600;
  return route({
    ...shared,
    method: 'post',
    path: '/v1/webhooks/:id/rotate',
    summary: 'Make a new secret; the one before it signs along for a while',
    params: idParams,
    body: z.strictObject({
      overlapS: z
        .int()
        .min(0)
        .max(7 * day)
        .default(day)
        .describe('Seconds in which both secrets sign. Default a day.'),
    }),
    answer: { status: 200, description: 'The new secret.', schema: z.object({ secret: secretField }) },
    async handle({ params, body, actor }) {
      const made = foundWebhook(await webhooks.rotate(params.id, actor.tenant, body.overlapS));
      return { body: { secret: made }, headers: secret };
    },
  });
}

/** The jobs that send webhooks would tell of themselves without end. */
function checkTypes(catalog: Deps['catalog'], types: readonly string[] | null | undefined): void {
  const wrong = (types ?? []).flatMap((type, at) => {
    const known = Object.hasOwn(catalog, type) && !type.startsWith('deliver-webhook');
    return known ? [] : [{ pointer: `/jobTypes/${at}`, detail: 'names no job type that webhooks can listen to' }];
  });
  if (wrong.length > 0) throw invalidRequest(wrong);
}

function explainUrl(error: unknown): never {
  if ((error as { code?: unknown }).code !== 'url_refused') throw error;
  const detail = (error as Error).message;
  throw new Problem(422, 'url_refused', 'The URL does not fit', detail, { errors: [{ pointer: '/url', detail }] });
}

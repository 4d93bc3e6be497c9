/** What the API does with webhooks. */
import {
  ConflictError,
  cutPage,
  idCursor,
  type Page,
  type PageRequest,
  type Webhook,
  type WebhookSettings,
  type Webhooks,
} from '../contract/index.ts';
import type { Outgoing } from '../outgoing/index.ts';
import { findDelivery, insertDelivery, listDeliveries } from './deliveries.ts';
import { enqueueDeliveries, type HandOverParts } from './hand-over.ts';
import { newWebhookSecret } from './sign.ts';
import {
  deleteWebhook,
  endSecrets,
  findWebhook,
  insertSecret,
  insertWebhook,
  listWebhooks,
  updateWebhook,
} from './store.ts';

export interface WebhookServiceOptions extends HandOverParts {
  outgoing: Outgoing;
  events: readonly string[];
}

export function webhookService(options: WebhookServiceOptions): Webhooks {
  const { database, outgoing, events } = options;
  const check = ({ url }: Partial<WebhookSettings>) => url !== undefined && outgoing.check(url, ['https:']);

  async function send(webhook: Webhook, make: (tx: Parameters<typeof insertDelivery>[0]) => Promise<string>) {
    const id = await database.transaction(async (tx) => {
      const made = await make(tx);
      await enqueueDeliveries(tx, options, [{ id: made, webhookId: webhook.id, ordered: webhook.ordered }]);
      return made;
    });
    return findDelivery(database, webhook.id, id);
  }

  return {
    events,
    async create(settings) {
      check(settings);
      const secret = newWebhookSecret();
      const webhook = await database.transaction((tx) => insertWebhook(tx, settings, secret));
      return { webhook, secret };
    },
    list: (tenant, request) => pageOf(request, (before, limit) => listWebhooks(database, tenant, before, limit)),
    get: (id, tenant) => findWebhook(database, id, tenant),
    async change(id, tenant, changes) {
      check(changes);
      return updateWebhook(database, id, tenant, changes);
    },
    remove: (id, tenant) => deleteWebhook(database, id, tenant),
    async rotate(id, tenant, overlapS) {
      if (!(await findWebhook(database, id, tenant))) return undefined;
      const secret = newWebhookSecret();
      await database.transaction(async (tx) => {
        await endSecrets(tx, id, overlapS);
        await insertSecret(tx, id, secret);
      });
      return secret;
    },
    async test(id, tenant) {
      const webhook = await findWebhook(database, id, tenant);
      if (!webhook) return undefined;
      mustBeEnabled(webhook);
      return send(webhook, (tx) => insertDelivery(tx, id, 'webhook.test', { webhookId: id }));
    },
    async deliveries(id, tenant, request) {
      if (!(await findWebhook(database, id, tenant))) return undefined;
      return pageOf(request, (before, limit) => listDeliveries(database, id, before, limit));
    },
    async redeliver(id, tenant, deliveryId) {
      const webhook = await findWebhook(database, id, tenant);
      const delivery = webhook && (await findDelivery(database, id, deliveryId));
      if (!webhook || !delivery) return undefined;
      if (delivery.state === 'notice') throw new ConflictError('not_redeliverable', 'A notice is for the log only');
      mustBeEnabled(webhook);
      return send(webhook, async () => deliveryId);
    },
  };
}

function mustBeEnabled(webhook: Webhook): void {
  if (!webhook.enabled) throw new ConflictError('webhook_disabled', 'Set `enabled` to true first');
}

/** A page by ids that fall. */
async function pageOf<T extends { id: string }>(
  { limit = 50, cursor }: PageRequest,
  read: (before: string | undefined, limit: number) => Promise<T[]>,
): Promise<Page<T>> {
  return cutPage(await read(idCursor(cursor), limit + 1), limit, ({ id }) => id);
}

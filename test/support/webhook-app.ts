/** An installation with webhooks, a receiver of them, and short ways to ask what became of an event. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { deliverWebhookHandler } from '../../jobs/realtime/deliver-webhook.handler.ts';
import { deliverWebhook, deliverWebhookInOrder } from '../../jobs/realtime/deliver-webhook.job.ts';
import { defineJob, NonRetryableError } from '../../src/contract/index.ts';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { apiKey, startTestApp, type TestApp } from './app.ts';
import { caller, type TestServer } from './http.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';
import { until } from './stack.ts';

const payload = z.object({ secret: z.string(), fails: z.boolean().default(false) });
export const say = defineJob({ type: 'say', lane: 'realtime', queue: 'talk', payload, result: z.string() });
export const make = defineJob({ type: 'make', lane: 'bulk', queue: 'work', payload, result: z.string() });
export const hidden = defineJob({
  type: 'hidden',
  lane: 'bulk',
  queue: 'work',
  payload,
  result: z.string(),
  internal: true,
});

/** Call it in the file or inside `describe`. */
export function useWebhookApp() {
  let app: TestApp;
  let call: TestServer['call'];
  let receiver: Receiver;
  const tenantKey = 'key-of-tenant-acme-with-32-characters';
  const post = (path: string, body?: unknown, token = apiKey) => call('POST', path, { token, body });
  const get = async (path: string, token = apiKey) => (await call('GET', path, { token })).json;
  const patch = (path: string, body: unknown) => call('PATCH', path, { token: apiKey, body });

  /** A webhook at a path of its own, so that every test sees only what is meant for it. */
  async function listen(path: string, settings: object, token = apiKey): Promise<{ id: string; secret: string }> {
    const made = await post('/v1/webhooks', { url: receiver.url + path, ...settings }, token);
    expect([made.status, made.json.secret]).toEqual([201, expect.stringMatching(/^whsec_[\w+/=]{43,44}$/)]);
    return made.json;
  }
  const came = (path: string, count = 1) =>
    until(`${count} came to ${path}`, () => (receiver.at(path).length < count ? undefined : receiver.at(path)));
  const log = async (id: string) => (await get(`/v1/webhooks/${id}/deliveries`)).items;
  const newest = (id: string, state: string) =>
    until(`the newest delivery is ${state}`, async () => {
      const [found] = await log(id);
      return found?.state === state && found;
    });
  /** Runs the next attempt of a delivery now instead of in some seconds, minutes or hours. */
  const hurry = async (jobId: string) => {
    await until(
      `job ${jobId} waits for its next attempt`,
      async () => (await get(`/v1/jobs/${jobId}`)).state === 'scheduled',
    );
    await post(`/v1/jobs/${jobId}/retry`);
  };
  const verify = (secret: string, { headers, body }: Received) => new Webhook(secret).verify(body, headers);

  beforeAll(async () => {
    receiver = await startReceiver();
    const work = async ({ fails }: z.output<typeof payload>) => {
      if (fails) throw new NonRetryableError('the secret is 1234', { code: 'no_luck' });
      return 'a result';
    };
    app = await startTestApp({
      settings: {
        TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
        TWOLANE_WEBHOOK_PATIENCE_MS: '200',
        TWOLANE_WEBHOOK_FAILURES: '4',
        TWOLANE_PRODUCT: 'none',
      },
      overrides: {
        catalog: Object.fromEntries(
          [say, make, hidden, deliverWebhook, deliverWebhookInOrder].map((job) => [job.type, job]),
        ),
        handlers: ({ webhooks }) => ({
          ...{ say: work, make: work, hidden: work },
          'deliver-webhook': deliverWebhookHandler(webhooks),
          'deliver-webhook-in-order': deliverWebhookHandler(webhooks),
        }),
      },
    });
    call = caller(app.url);
    await setApiKey(app.twolane.database, 'acme', tenantKey, ['*'], 'acme');
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  return {
    tenantKey,
    call: (...args: Parameters<typeof call>) => call(...args),
    post,
    get,
    patch,
    listen,
    came,
    log,
    newest,
    hurry,
    verify,
    get app() {
      return app;
    },
    get receiver() {
      return receiver;
    },
  };
}

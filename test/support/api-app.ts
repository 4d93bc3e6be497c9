/** An installation with a few job types for the tests of the HTTP API, and short ways to call it. */
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { defineJob, NonRetryableError } from '../../src/contract/index.ts';
import { apiKey, startTestApp, type TestApp } from './app.ts';
import { type CallOptions, caller } from './http.ts';
import { until } from './stack.ts';

export const welcomeToken = 'welcome-to-the-tests';
const payload = z.object({ width: z.int().min(1), userId: z.string().optional(), 'a/b': z.string().optional() });
const resize = defineJob({ type: 'resize', lane: 'bulk', queue: 'image', payload, owner: ({ userId }) => userId });
export const limits = { concurrency: 50, perKey: { rate: { count: 5, perMs: 1_000 } } };
const ping = defineJob({ type: 'ping', lane: 'realtime', queue: 'fast', payload: z.object({}), limits });
const explode = defineJob({ type: 'explode', lane: 'realtime', queue: 'fast', payload });
const sweep = defineJob({ type: 'sweep', lane: 'bulk', queue: 'maintenance', payload: z.object({}), internal: true });

export const overrides = {
  catalog: { resize, ping, explode, sweep },
  handlers: () => ({
    resize: async () => undefined,
    ping: async () => undefined,
    explode: async () => {
      throw new NonRetryableError('moov atom not found');
    },
    sweep: async () => undefined,
  }),
};

/** Call it in the file or inside `describe`. `parts` replaces its job types. */
export function useApiApp(parts: NonNullable<Parameters<typeof startTestApp>[0]>['overrides'] = overrides) {
  let app: TestApp;
  let call: ReturnType<typeof caller>;
  beforeAll(async () => {
    const settings = {
      TWOLANE_WELCOME_TOKEN: welcomeToken,
      TWOLANE_MAX_PAYLOAD_BYTES: '10000',
      TWOLANE_PRODUCT: 'none',
    };
    app = await startTestApp({ settings, overrides: parts });
    call = caller(app.url);
  });
  afterAll(() => app?.stop());

  const post = (path: string, body: unknown, options: CallOptions = {}) =>
    call('POST', path, { token: apiKey, body, ...options });
  const get = (path: string, options: CallOptions = {}) => call('GET', path, { token: apiKey, ...options });
  const enqueue = (given: object = { width: 10 }, options?: object) =>
    post('/v1/jobs', { type: 'resize', payload: given, options });
  const tokenOf = async (userId: string): Promise<string> => (await post('/v1/tokens', { userId })).json.token;

  async function deadJob(): Promise<string> {
    const { json } = await post('/v1/jobs', { type: 'explode', payload: { width: 1 } });
    await until('the job is dead', async () => (await get(`/v1/jobs/${json.id}`)).json.state === 'dead');
    return json.id;
  }

  return {
    post,
    get,
    enqueue,
    tokenOf,
    deadJob,
    call: (...args: Parameters<typeof call>) => call(...args),
    get app() {
      return app;
    },
  };
}

export const later = { delayMs: 3_600_000 };
export const pointers = (answer: { json: { errors: { pointer: string }[] } }) =>
  answer.json.errors.map((each) => each.pointer);

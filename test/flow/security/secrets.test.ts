/** Secrets that pass through: what is in headers, payloads and addresses is found in no log line, metric or broker. */
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogFor } from '../../../jobs/catalog.ts';
import { platformHandlers } from '../../../jobs/handlers.ts';
import { defineJob, NonRetryableError } from '../../../src/contract/index.ts';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import { caller } from '../../support/http.ts';
import { testUrls, until } from '../../support/stack.ts';

const canary = 'canary-4f1d9c';
const lines: string[] = [];
const payload = z.object({ token: z.string() });
const jobs = {
  charge: defineJob({ type: 'charge', lane: 'realtime', queue: 'charges', payload, maxAttempts: 1 }),
  archive: defineJob({ type: 'archive', lane: 'bulk', queue: 'archives', payload, maxAttempts: 1 }),
};
const fails = async () => {
  throw new NonRetryableError('The bank refused');
};

let app: TestApp;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  app = await startTestApp({
    overrides: {
      logger: logger as never,
      catalog: { ...catalogFor('none'), ...jobs },
      handlers: (services) => ({ ...platformHandlers(services), charge: fails, archive: fails }),
      product: undefined,
    },
  });
  call = caller(app.url);
});
afterAll(() => app?.stop());

describe('A secret', { tags: ['security'], timeout: 60_000 }, () => {
  it('in a payload, a credential, a query or an address of a webhook is in no log line and no metric', async () => {
    const secret = { token: canary };
    const ids = await Promise.all(
      Object.keys(jobs).map(
        async (type) => (await call('POST', '/v1/jobs', { token: apiKey, body: { type, payload: secret } })).json.id,
      ),
    );
    for (const id of ids)
      await until('it is dead', async () => (await app.twolane.operations.get(id))?.state === 'dead');
    await call('GET', '/v1/jobs', { token: `twl_${canary}` });
    await call('GET', `/v1/jobs/${ids[0]}/events?ticket=${canary}`);
    await call('POST', '/v1/jobs', { token: apiKey, body: { type: 'charge', payload: { token: 7, also: canary } } });
    await call('POST', '/v1/jobs', { token: apiKey, body: `{"type":"charge","payload":"${canary}` });
    await call('POST', '/v1/webhooks', {
      token: apiKey,
      body: { url: `https://user:${canary}@example.com/`, events: ['job.dead'] },
    });
    await call('POST', '/v1/media', {
      token: apiKey,
      body: { source: { url: `http://127.0.0.1/${canary}` }, ownerId: canary },
    });
    const { text: metrics } = await call('GET', '/metrics', { token: apiKey });
    expect(metrics).toContain('twolane_');
    expect(metrics).not.toContain(canary);
    expect(lines.some((line) => line.includes(ids[0]))).toBe(true);
    expect(lines.filter((line) => line.includes(canary))).toEqual([]);
  });

  it('in a payload is not in the brokers, which carry ids', async () => {
    await app.twolane.operations.pause('bulk/archives');
    const { id } = await app.twolane.enqueue(jobs.archive, { token: canary });
    await app.twolane.enqueue(jobs.archive, { token: canary }, { delayMs: 3_600_000 });
    const redis = new Redis(testUrls().REDIS_URL);
    try {
      const texts = await dump(redis, `*${app.config.TWOLANE_PREFIX}*`);
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => text.includes(canary))).toEqual([]);
      expect((await app.twolane.operations.get(id))?.state).not.toBe('dead');
    } finally {
      redis.disconnect();
    }
  });
});

/** Everything that is kept under such keys, as text. */
async function dump(redis: Redis, pattern: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const found of redis.scanStream({ match: pattern, count: 1_000 })) keys.push(...(found as string[]));
  return Promise.all(keys.map(async (key) => `${key} ${(await redis.dumpBuffer(key))?.toString('latin1') ?? ''}`));
}

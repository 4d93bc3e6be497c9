/** Secret fields of payloads: in clear for the handler, nowhere else; shown on purpose only; readable under an older key. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import { addOperator } from '../../src/http/auth/operators.ts';
import { defineJob, silentLogger, type Twolane } from '../../src/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createApp } from '../../workers/app.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller, type TestServer } from '../support/http.ts';
import { jsonOf, logIn } from '../support/pages.ts';
import { until } from '../support/stack.ts';

const payload = z.object({
  order: z.string(),
  card: z.object({ number: z.string().regex(/^\d{16}$/) }),
  padding: z.string().optional(),
});
const shared = { payload, secrets: ['card.number'], maxAttempts: 1 } as const;
const charge = defineJob({ type: 'charge', lane: 'realtime', queue: 'money', ...shared });
const refund = defineJob({ type: 'refund', lane: 'bulk', queue: 'money', ...shared });
const number = '4929123456781234';
const keys = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')] as const;

let app: TestApp;
let call: TestServer['call'];
let broken = true;
const seen: unknown[] = [];
const shownToMiddleware: string[] = [];
const records: string[] = [];

const handler = async (given: z.output<typeof payload>, context: { log(text: string, fields?: object): void }) => {
  seen.push(given);
  context.log(`Charging ${number}`, { card: number } as never);
  if (broken) throw Object.assign(new Error(`Card ${given.card.number} was declined`), { code: 'declined' });
};

beforeAll(async () => {
  app = await startTestApp({
    settings: { TWOLANE_SECRET_KEYS: keys[0], TWOLANE_INLINE_PAYLOAD_BYTES: '1000', LOG_LEVEL: 'debug' },
    overrides: {
      catalog: { charge, refund },
      handlers: { charge: handler, refund: handler } as never,
      middleware: [
        async (job, next) => {
          shownToMiddleware.push(JSON.stringify(job.payload));
          return next();
        },
      ],
      product: undefined,
      logger: createLogger({ level: 'debug', destination: { write: (line) => records.push(line) } }),
    },
  });
  call = caller(app.url);
});

afterAll(() => app?.stop());

const stateOf = async (id: string) => (await app.twolane.operations.get(id))?.state;
const ended = (id: string, state: string) => until(`${id} is ${state}`, async () => (await stateOf(id)) === state);

/** Every table that has the text in one of its rows. */
async function tablesWith(text: string): Promise<string[]> {
  const { database } = app.twolane;
  const { rows } = await database.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'twolane' and table_type = 'BASE TABLE'",
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const held = await database.query(`select 1 from twolane.${name} t where t::text like '%' || $1 || '%' limit 1`, [
      text,
    ]);
    if (held.rowCount) found.push(name);
  }
  return found;
}

describe('a secret field', () => {
  it.each(['charge', 'refund'])('of %s reaches the handler in clear, and is written down nowhere', async (type) => {
    broken = true;
    const padding = 'x'.repeat(type === 'refund' ? 2_000 : 1);
    const body = { type, payload: { order: 'order-17', card: { number }, padding } };
    const { id } = (await call('POST', '/v1/jobs', { token: apiKey, body })).json;
    await ended(id, 'dead');
    expect(seen.at(-1)).toMatchObject({ order: 'order-17', card: { number } });
    expect((await tablesWith('order-17')).length).toBeGreaterThan(type === 'refund' ? -1 : 0);
    await until('its log is written', async () => (await app.twolane.operations.logs(id, {})).items.length > 0);
    expect(await tablesWith(number)).toEqual([]);
    const folder = app.config.TWOLANE_FILES_DIR;
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
    for (const file of files) expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(number);
    expect(files.length > 0).toBe(type === 'refund');
    const paths = ['', '/payload', '/logs', '/audit'].map((rest) => `/v1/jobs/${id}${rest}`);
    for (const path of [...paths, '/v1/jobs', '/v1/dead'])
      expect((await call('GET', path, { token: apiKey })).text, path).not.toContain(number);
    expect((await call('GET', `/v1/jobs/${id}/payload`, { token: apiKey })).json).toMatchObject({
      order: 'order-17',
      card: { number: '[secret]' },
    });
    expect((await app.twolane.operations.get(id))?.error?.message).toBe('Card [secret] was declined');
    expect(records.join('\n')).toContain('declined');
    expect(records.join('\n')).not.toContain(number);
    expect(shownToMiddleware.join('\n')).not.toContain(number);
    expect(shownToMiddleware.at(-1)).toContain('[secret]');
  });

  it('stays what it was when an edit says so, and is encrypted when an edit changes it', async () => {
    const { id } = await app.twolane.enqueue(charge, { order: 'order-18', card: { number } });
    await ended(id, 'dead');
    broken = false;
    const edit = { order: 'order-19', card: { number: '[secret]' } };
    const answer = await call('POST', `/v1/jobs/${id}/retry`, { token: apiKey, body: { payload: edit } });
    expect(answer.status).toBe(202);
    await ended(id, 'succeeded');
    expect(seen.at(-1)).toMatchObject({ order: 'order-19', card: { number } });
    const [change] = (await call('GET', `/v1/jobs/${id}/audit`, { token: apiKey })).json.items;
    expect(change).toMatchObject({
      detail: { edited: ['/order'] },
      previousPayload: { order: 'order-18', card: { number: '[secret]' } },
    });
    broken = true;
    const other = await app.twolane.enqueue(charge, { order: 'order-20', card: { number } });
    await ended(other.id, 'dead');
    broken = false;
    const next = '5500005555555559';
    await app.twolane.operations.retry(other.id, { payload: { order: 'order-20', card: { number: next } } });
    await ended(other.id, 'succeeded');
    expect(seen.at(-1)).toMatchObject({ card: { number: next } });
    expect(await tablesWith(next)).toEqual([]);
  });

  it('is shown to those who may see it, with a line in the audit', async () => {
    const { id } = await app.twolane.enqueue(charge, { order: 'order-21', card: { number } }, { delayMs: 3_600_000 });
    const reveal = async (name: string, role: 'operator' | 'admin') => {
      await addOperator(app.twolane.database, { name, role, password: 'a-long-password' });
      const operator = await logIn(`${app.url}/ops`, name, 'a-long-password');
      return operator.call(`/api/jobs/${id}/reveal`, { method: 'POST', headers: { 'x-csrf-token': operator.csrf } });
    };
    expect((await reveal('otto', 'operator')).status).toBe(403);
    expect(await jsonOf(reveal('ada', 'admin'))).toEqual({ order: 'order-21', card: { number } });
    const byKey = await call('POST', `/v1/jobs/${id}/reveal`, { token: apiKey });
    expect([byKey.status, byKey.json.card.number]).toEqual([200, number]);
    const changes = await app.twolane.operations.changes(id);
    expect(changes.map(({ actor, action, outcome }) => [actor, action, outcome])).toEqual([
      ['first', 'reveal', 'done'],
      ['ada', 'reveal', 'done'],
    ]);
  });

  it('is read under an older key and written under the first; without a key nothing starts', async () => {
    const { id } = await app.twolane.enqueue(charge, { order: 'order-22', card: { number } }, { delayMs: 3_600_000 });
    const withKeys = (given: string): Twolane =>
      createApp(loadConfig({ ...app.environment, TWOLANE_SECRET_KEYS: given }), {
        catalog: { charge },
        handlers: { charge: async () => undefined } as never,
        product: undefined,
        logger: silentLogger,
      });
    expect(() => withKeys('')).toThrow(
      expect.objectContaining({ code: 'no_secret_key', message: expect.stringContaining('openssl') }),
    );
    expect(() => withKeys('too-short')).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
    const [rotated, ignorant] = [withKeys(`${keys[1]},${keys[0]}`), withKeys(keys[1])];
    try {
      expect(await rotated.operations.reveal(id)).toMatchObject({ card: { number } });
      await expect(ignorant.operations.reveal(id)).rejects.toMatchObject({ code: 'secret_unreadable' });
      expect(await ignorant.operations.payload(id)).toMatchObject({ card: { number: '[secret]' } });
      const later = await rotated.enqueue(charge, { order: 'order-23', card: { number } }, { delayMs: 3_600_000 });
      expect(await ignorant.operations.reveal(later.id)).toMatchObject({ card: { number } });
      const daily = { type: 'charge', payload: { order: 'a', card: { number } }, cron: '0 0 * * *' };
      const put = await call('PUT', '/v1/schedules/daily', { token: apiKey, body: daily });
      expect(put).toMatchObject({ status: 422, json: { errors: [{ pointer: '/type' }] } });
    } finally {
      await Promise.all([rotated.close(), ignorant.close()]);
    }
    const define = (secrets: string[]) => () => defineJob({ type: 'x', lane: 'bulk', queue: 'x', payload, secrets });
    for (const wrong of ['cart.number', 'card..number'])
      expect(define([wrong])).toThrow(expect.objectContaining({ code: 'invalid_definition' }));
  });
});

/** Twolane inside somebody else's app: its transactions, its Express app, its process; and two of them on the same servers. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTwolane, defineJob, fromKysely, silentLogger, type Twolane } from '../../src/index.ts';
import { freshDatabase, freshPrefix, testUrls, until } from '../support/stack.ts';

const apiKey = 'library-key-of-at-least-32-characters';
const payload = z.object({ text: z.string() });
const write = defineJob({ type: 'write', lane: 'realtime', queue: 'letters', payload, key: ({ text }) => text });
const print = defineJob({ type: 'print', lane: 'bulk', queue: 'letters', payload });
const slow = defineJob({ type: 'slow', lane: 'bulk', queue: 'slow', payload });
const catalog = { write, print, slow };

interface Shop {
  twolane: Twolane;
  done: string[];
}

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pool: pg.Pool;
/** Both on the same three servers, told apart by their prefixes alone. */
let first: Shop;
let second: Shop;
let server: Server;
let url: string;

async function open(prefix: string): Promise<Shop> {
  const done: string[] = [];
  const note = async ({ text }: { text: string }) => void done.push(text);
  const twolane = createTwolane({
    config: { ...testUrls(), DATABASE_URL: database.url, TWOLANE_PREFIX: prefix, TWOLANE_API_KEY: apiKey },
    catalog,
    handlers: {
      write: async ({ text }, context) => {
        await context.settle(async (tx) => {
          // A text of the app's own, which is none of our names: it must arrive as it is.
          await tx.query("insert into letters (text, sender) values ($1, 'post@twolane.live')", [text]);
        });
        done.push(text);
      },
      print: note,
      slow: async (_payload, { signal }) => {
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    },
    logger: silentLogger,
  });
  await twolane.migrate();
  await twolane.start();
  await twolane.scheduler().start();
  await twolane.worker().start();
  return { twolane, done };
}

beforeAll(async () => {
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query('create table letters (text text, sender text)');
  first = await open(freshPrefix());
  second = await open(freshPrefix());
  const app = express();
  app.use('/one/background', first.twolane.api());
  app.use('/two/background', second.twolane.api());
  app.use(
    '/staff/jobs',
    first.twolane.dashboard({
      authorize: async (req) => {
        const name = req.get('x-staff');
        return name ? { name, role: name === 'guest' ? 'viewer' : 'operator' } : undefined;
      },
    }),
  );
  server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([first.twolane.stop(), second.twolane.stop()]);
  await pool.end();
  await database.drop();
});

const stateOf = async ({ twolane }: Shop, id: string) => (await twolane.operations.get(id))?.state;
const item = (text: string) => [{ job: write, payload: { text } }];

describe("In the app's own transaction", () => {
  test('of pg, jobs exist when it commits, and run', async () => {
    const client = await pool.connect();
    await client.query('begin');
    const [job] = await first.twolane.enqueueIn(client, item('from pg'));
    expect(await stateOf(first, job?.id as string)).toBeUndefined();
    await client.query('commit');
    client.release();
    await until('the job has run', () => first.done.includes('from pg'));
    const { rows } = await pool.query("select sender from letters where text = 'from pg'");
    expect(rows).toEqual([{ sender: 'post@twolane.live' }]);
  });

  test('of kysely, and not when it is rolled back', async () => {
    const kysely = new Kysely<{ letters: { text: string; sender: string } }>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url, max: 2 }) }),
    });
    const send = (text: string, fails: boolean) =>
      kysely.transaction().execute(async (trx) => {
        await trx.insertInto('letters').values({ text, sender: 'kysely' }).execute();
        const [job] = await first.twolane.enqueueIn(fromKysely(trx), item(text));
        if (fails) throw new Error('rolled back');
        return job?.id as string;
      });
    await expect(send('never sent', true)).rejects.toThrow('rolled back');
    const id = await send('from kysely', false);
    await until('the job has run', async () => (await stateOf(first, id)) === 'succeeded');
    expect(first.done).not.toContain('never sent');
    const { items } = await first.twolane.operations.list({ key: 'never sent' }, { limit: 5 });
    expect(items).toEqual([]);
    await kysely.destroy();
  });
});

describe('Two installations on the same servers', () => {
  test('have schemas of their own, named after their prefixes', async () => {
    const { rows } = await pool.query("select nspname as name from pg_namespace where nspname ~ 'twolane' order by 1");
    const names = [first, second].map(({ twolane }) => `${twolane.config.TWOLANE_PREFIX}_twolane`);
    expect(rows.map(({ name }) => name)).toEqual(names.sort());
  });

  test('never see or run each other’s jobs, on either lane, with the same keys', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `letter ${n}`);
    const enqueue = async ({ twolane }: Shop, mark: string) => {
      const jobs = texts.flatMap((text) => [
        { job: write, payload: { text: `${text} ${mark}` }, options: { key: text } },
        { job: print, payload: { text: `printed ${text} ${mark}` } },
      ]);
      return (await twolane.enqueueMany(jobs)).map(({ id }) => id);
    };
    const [mine, yours] = await Promise.all([enqueue(first, 'of the first'), enqueue(second, 'of the second')]);
    const ofTheFirst = () => first.done.filter((text) => text.endsWith('of the first'));
    const ofTheSecond = () => second.done.filter((text) => text.endsWith('of the second'));
    await until('all have run', () => ofTheFirst().length === 40 && ofTheSecond().length === 40);
    expect(first.done.some((text) => text.endsWith('of the second'))).toBe(false);
    expect(second.done.some((text) => text.endsWith('of the first'))).toBe(false);
    await until('all are settled', async () => (await stateOf(second, yours.at(-1) as string)) === 'succeeded');
    const shared = mine.filter((id) => yours.includes(id));
    for (const id of mine) if (!shared.includes(id)) expect(await stateOf(second, id)).toBeUndefined();
  });

  test('a cancel reaches its own worker', async () => {
    const { id } = await second.twolane.enqueue(slow, { text: 'for ever' });
    await until('it runs', async () => (await stateOf(second, id)) === 'running');
    await second.twolane.operations.cancel(id, 'not wanted');
    await until('it has stopped', async () => (await stateOf(second, id)) === 'cancelled', { timeoutMs: 5_000 });
  });
});

describe('Mounted under a path', () => {
  const authorization = `Bearer ${apiKey}`;

  test('the API answers there, and its document says so', async () => {
    const { id } = await first.twolane.enqueue(print, { text: 'by http' });
    const headers = { authorization };
    expect((await fetch(`${url}/one/background/v1/jobs/${id}`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/two/background/v1/jobs/${id}`, { headers })).status).toBe(404);
    for (const path of ['/one/background', '/two/background']) {
      const document = (await (await fetch(`${url}${path}/openapi.json`)).json()) as { servers: unknown };
      expect(document.servers).toEqual([{ url: path }]);
    }
  });

  test('the pages of the API link below it', async () => {
    const bare = await fetch(`${url}/one/background`, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/one/background/']);
    const page = await (await fetch(`${url}/one/background/docs`)).text();
    const links = [...page.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => link.startsWith('/'))).toEqual([]);
    expect((await fetch(`${url}/one/background/web/docs.js`)).status).toBe(200);
  });

  test('the app decides who sees the operator pages, and who may change something', async () => {
    const call = (name: string | undefined, path: string, method = 'GET') =>
      fetch(`${url}/staff/jobs${path}`, {
        method,
        redirect: 'manual',
        headers: { ...(name && { 'x-staff': name }), 'x-csrf-token': 'own-page', accept: 'application/json' },
      });
    expect((await call(undefined, '/api/session')).status).toBe(401);
    expect(await (await call('mia', '/api/session')).json()).toMatchObject({ name: 'mia', canLogOut: false });
    expect((await call('guest', '/api/queues/bulk/letters/pause', 'POST')).status).toBe(403);
    expect((await call('mia', '/api/queues/bulk/letters/pause', 'POST')).status).toBeLessThan(300);
    expect((await call('mia', '/api/queues/bulk/letters/resume', 'POST')).status).toBeLessThan(300);
  });
});

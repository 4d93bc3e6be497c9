/** Logging in: sessions from a Redis that may lose everything, their end at two API processes whatever Redis hears, and guessing. */
import type { ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, launch } from '../../scripts/stack/launch.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { createTokens } from '../../src/http/auth/tokens.ts';
import { RedisSessionCache } from '../../src/social/sessions.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { SocialClient } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

const password = 'a good password';
let app: TestApp;
let second: { twolane: Twolane; server: Server; url: string };
let redis: Redis;
let redisServer: ChildProcess;
let startRedis: () => Promise<void>;

beforeAll(async () => {
  const port = await freePort();
  redis = new Redis(port, '127.0.0.1', { lazyConnect: true, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  startRedis = async () => {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''];
    redisServer = launch({ program: 'redis-server', args, log: '/dev/null' });
    await redis.ping();
  };
  await startRedis();
  const settings = { FEED_REDIS_URL: `redis://127.0.0.1:${port}` };
  app = await startTestApp({ worker: false, scheduler: false, settings });
  const twolane = createApp(app.config, { logger: silentLogger });
  const server = createServer(express().use(twolane.api()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  second = { twolane, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}, 60_000);

afterAll(async () => {
  second.server.closeAllConnections();
  second.server.close();
  await second.twolane.stop();
  await app.stop();
  redis.disconnect();
  redisServer.kill();
  await ended(redisServer);
}, 60_000);

/** Somebody who is logged in `sessions` times. `works` says for each of his tokens whether it does, at both processes. */
async function somebody(sessions = 1) {
  const name = freshPrefix();
  const clients = [await new SocialClient(app.url).signUp(name)];
  while (clients.length < sessions) clients.push(await new SocialClient(app.url).logIn(name, password));
  const works = async () => {
    const calls = clients.flatMap((client) => [client, client.at(second.url)]);
    const answers = await Promise.all(calls.map((client) => client.call('GET', '/v1/feed')));
    return answers.map(({ status }) => status);
  };
  return { name, clients, client: clients[0] as SocialClient, works };
}
const tokensOf = (userId: string) =>
  app.twolane.database.query<{ left: number }>(
    'select extract(epoch from expires_at - now())::float8 / 86400 as left from twolane.tokens where user_id = $1',
    [userId],
  );

describe('sessions', { tags: ['security'] }, () => {
  it('are served from Redis, and a Redis that has lost everything logs nobody out', async () => {
    const { client, works } = await somebody();
    expect(await works()).toEqual([200, 200]);
    const kept = await app.twolane.database.query(
      `with gone as (delete from twolane.tokens where user_id = $1 returning *) select * from gone`,
      [client.userId],
    );
    expect(await works()).toEqual([200, 200]);
    await redis.flushall();
    expect(await works()).toEqual([401, 401]);
    await app.twolane.database.query(
      'insert into twolane.tokens select * from json_populate_recordset(null::twolane.tokens, $1)',
      [
        JSON.stringify(
          kept.rows.map((row) => ({ ...row, sha256: `\\x${(row as { sha256: Buffer }).sha256.toString('hex')}` })),
        ),
      ],
    );
    expect(await works()).toEqual([200, 200]);
  });

  it('of a user end all at once, at every process, and one alone when it logs out', async () => {
    const { clients, client, works } = await somebody(3);
    const other = await somebody();
    expect(await works()).toEqual(Array(6).fill(200));
    expect((await clients[2]?.call('DELETE', '/v1/sessions/current'))?.status).toBe(204);
    expect(await works()).toEqual([200, 200, 200, 200, 401, 401]);
    expect((await client.at(second.url).call('DELETE', '/v1/sessions')).status).toBe(204);
    expect(await works()).toEqual(Array(6).fill(401));
    expect(await other.works()).toEqual([200, 200]);
  });

  it('that have ended do not come back through whoever had read them before', async () => {
    const cache = new RedisSessionCache(redis, freshPrefix(), silentLogger);
    await until('it is connected', async () => {
      await cache.put('probe', { userId: 'ana', tenant: undefined, expiresAt: Date.now() + 60_000 });
      return cache.get('probe');
    });
    await cache.end(['a']);
    await cache.put('a', { userId: 'ana', tenant: undefined, expiresAt: Date.now() + 60_000 });
    expect(await cache.get('a')).toBe('ended');
    cache.close();
  });

  it('last as long as they are used, and 30 days longer', async () => {
    const { client, works } = await somebody();
    const set = (left: string) =>
      app.twolane.database.query(
        `update twolane.tokens set expires_at = now() + interval '${left}' where user_id = $1`,
        [client.userId],
      );
    await set('1 day');
    await redis.flushall();
    expect(await works()).toEqual([200, 200]);
    expect((await tokensOf(client.userId)).rows[0]?.left).toBeGreaterThan(29.9);
    await set('-1 second');
    await redis.flushall();
    expect(await works()).toEqual([401, 401]);
  });

  it('go on without Redis, and end without it', async () => {
    const { client, works } = await somebody();
    expect(await works()).toEqual([200, 200]);
    redisServer.kill('SIGKILL');
    await ended(redisServer);
    const began = performance.now();
    expect(await works()).toEqual([200, 200]);
    expect(performance.now() - began).toBeLessThan(2_000);
    await client.call('DELETE', '/v1/sessions');
    expect(await works()).toEqual([401, 401]);
    await startRedis();
    expect(await works()).toEqual([401, 401]);
  });
});

describe('sessions that have ended', { tags: ['security'] }, () => {
  it('are over for everybody when that is answered, although Redis was away and has kept them', async () => {
    const { client, works } = await somebody(2);
    expect(await works()).toEqual(Array(4).fill(200));
    redisServer.kill('SIGSTOP');
    expect((await client.call('DELETE', '/v1/sessions')).status).toBe(204);
    redisServer.kill('SIGCONT');
    expect(await works()).toEqual(Array(4).fill(401));
  });

  it('are over where Redis still has them, when who ends them can not tell it, and are forgotten when it was told', async () => {
    const { client, works } = await somebody(2);
    expect(await works()).toEqual(Array(4).fill(200));
    const nowhere = new Redis({ port: await freePort(), lazyConnect: true });
    const cut = new RedisSessionCache(nowhere, 'nowhere', silentLogger);
    const desk = createTokens(app.twolane.database, () => cut);
    await (await desk.revokeAll(client.userId, app.twolane.database))();
    expect(await works()).toEqual(Array(4).fill(401));
    await until('Redis was told', async () => (await tokensOf(client.userId)).rows.length === 0);
    expect(await works()).toEqual(Array(4).fill(401));
    cut.close();
    nowhere.disconnect();
  });

  it('are over soon after a crash between the end and the word to Redis', async () => {
    const { client, works } = await somebody();
    expect(await works()).toEqual([200, 200]);
    const desk = createTokens(app.twolane.database, () => undefined);
    // What is answered is never called.
    await desk.revokeAll(client.userId, app.twolane.database);
    await until('nobody lets it in', async () => (await works()).every((status) => status === 401));
  });

  it('are told of in the transaction that ends them: both, or neither', async () => {
    const { client, works } = await somebody();
    const { database } = app.twolane;
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
      create trigger refuse before update on twolane.tokens for each row when (new.user_id = '${client.userId}')
      execute function public.refuse()`);
    const told = async () =>
      (
        await database.query(`select 1 from twolane.jobs where type = 'notify' and payload ->> 'recipientId' = $1`, [
          client.userId,
        ])
      ).rows.length;
    expect((await client.call('DELETE', '/v1/sessions')).status).toBe(500);
    expect([await works(), await told()]).toEqual([[200, 200], 0]);
    await database.query('drop function public.refuse cascade');
    expect((await client.call('DELETE', '/v1/sessions')).status).toBe(204);
    expect([await works(), await told()]).toEqual([[401, 401], 1]);
  });
});

describe('passwords', { tags: ['security'] }, () => {
  it('are kept by argon2id as OWASP asks', async () => {
    const { client } = await somebody();
    const { rows } = await app.twolane.database.query<{ password_hash: string }>(
      'select password_hash from twolane_social.users where id = $1',
      [client.userId],
    );
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('can be tried ten times for an account, from anywhere, and the right one begins anew', async () => {
    const [tried, other] = [await somebody(), await somebody()];
    const nobody = freshPrefix();
    const attempt = async (url: string, username: string, given = 'a wrong password') => {
      const { status, body } = await new SocialClient(url).call('POST', '/v1/sessions', { username, password: given });
      return status === 401 ? 401 : status === 429 ? body.code : status;
    };
    for (let n = 0; n < 4; n++) expect(await attempt(app.url, tried.name)).toBe(401);
    expect(await attempt(second.url, tried.name, password)).toBe(201);
    for (const name of [tried.name, nobody])
      for (let n = 0; n < 10; n++) expect(await attempt(n % 2 ? app.url : second.url, name)).toBe(401);
    expect(await attempt(app.url, tried.name.toUpperCase(), password)).toBe('too_fast');
    expect(await attempt(second.url, nobody)).toBe('too_fast');
    expect(await attempt(app.url, other.name, password)).toBe(201);
    const { rows } = await app.twolane.database.query<{ subject: string; decision: string }>(
      `select subject, decision from twolane_social.abuse_decisions where deed = 'log-in-to' order by id`,
    );
    expect(new Set(rows.map(({ subject }) => subject))).toEqual(new Set([tried.client.userId]));
    expect(rows.map(({ decision }) => decision)).toContain('block');
  });
});

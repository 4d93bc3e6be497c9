import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programs, startStack } from '../../scripts/stack/index.ts';
import { runningUrls } from '../../scripts/stack/lock.ts';
import { privateStack, testUrls, until } from '../support/stack.ts';

async function query<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query<R>(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

async function redisCommand<T>(url: string, run: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true });
  await client.connect();
  return run(client).finally(() => client.disconnect());
}

describe('the private servers', () => {
  it('answer real clients of all three kinds', async () => {
    const urls = testUrls();
    for (const program of programs) expect((await program.ask(urls[program.urlName])).version).toMatch(/^\d+\.\d+/);
  });

  it('refuse a client without the password', async () => {
    for (const program of programs) {
      const url = new URL(testUrls()[program.urlName]);
      url.password = 'wrong';
      await expect(program.ask(url.href)).rejects.toThrow();
    }
  });
});

describe('a stack in its folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twolane-stack-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const start = () => startStack({ folder, only: ['postgres', 'redis'], sync: false, environment: {} });

  it('keeps its data from one start to the next, with the same passwords', async () => {
    const first = await start();
    await query(first.urls.DATABASE_URL, 'create table kept as select 42 as answer');
    await redisCommand(first.urls.REDIS_URL, (client) => client.set('kept', 'yes'));
    await first.stop();
    const second = await start();
    try {
      expect(await query(second.urls.DATABASE_URL, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect(await redisCommand(second.urls.REDIS_URL, (client) => client.get('kept'))).toBe('yes');
    } finally {
      await second.stop();
    }
  });

  it('starts after a kill although a stranger has the pid that the server left behind', async () => {
    const killed = await start();
    await killed.server('postgres').kill();
    await killed.stop();
    const lock = join(folder, 'postgres', 'data', 'postmaster.pid');
    const [, ...rest] = (await readFile(lock, 'utf8')).split('\n');
    await writeFile(lock, [process.pid, ...rest].join('\n'));
    const next = await start();
    await next.stop();
  });

  it('is refused to a second start while the first one runs, which says where the servers are', async () => {
    const stack = await start();
    try {
      await expect(start()).rejects.toThrow(/runs from this folder already \(process \d+\)/);
      expect(runningUrls(folder)).toEqual(stack.urls);
    } finally {
      await stack.stop();
    }
    expect(runningUrls(folder)).toBeUndefined();
  });

  it('keeps passwords in files that only their owner can read', async () => {
    for (const name of ['postgres', 'redis'])
      expect((await stat(join(folder, name, 'password'))).mode & 0o777).toBe(0o600);
  });
});

describe('the controls of a server', () => {
  let stack: Awaited<ReturnType<typeof privateStack>>;
  beforeAll(async () => {
    stack = await privateStack({ only: ['postgres', 'redis'] });
  });
  afterAll(() => stack.remove());

  it('tell when a server dies that nobody asked to', async () => {
    const redis = stack.server('redis');
    const deaths: string[] = [];
    redis.onDeath((how) => deaths.push(how));
    process.kill(redis.pid ?? 0, 'SIGKILL');
    await until('the death is told', () => deaths.length > 0);
    expect(deaths).toEqual(['SIGKILL']);
    expect(redis.pid).toBeUndefined();
    await redis.start();
  });

  it('stay silent about a stop that was asked for, and bring the server back on the same port', async () => {
    const postgres = stack.server('postgres');
    const deaths: string[] = [];
    postgres.onDeath((how) => deaths.push(how));
    const before = postgres.pid;
    await query(stack.urls.DATABASE_URL, 'create table survivor as select 1 as one');
    await postgres.kill();
    await expect(query(stack.urls.DATABASE_URL, 'select 1')).rejects.toThrow();
    await postgres.start();
    expect(await query(stack.urls.DATABASE_URL, 'select one from survivor')).toEqual([{ one: 1 }]);
    expect(postgres.pid).not.toBe(before);
    expect(deaths).toEqual([]);
  });

  it('wipe a server: same address, same password, nothing in it', async () => {
    await redisCommand(stack.urls.REDIS_URL, (client) => client.set('here', '1'));
    await stack.server('redis').wipe();
    expect(await redisCommand(stack.urls.REDIS_URL, (client) => client.dbsize())).toBe(0);
  });
});

describe('a server that the environment names', () => {
  it('is used as it is and not started', async () => {
    const stack = await privateStack({ only: ['redis'], environment: { REDIS_URL: testUrls().REDIS_URL } });
    expect(stack.servers).toEqual([]);
    expect(stack.urls.REDIS_URL).toBe(testUrls().REDIS_URL);
    await stack.remove();
  });

  it('is refused with the cure when it does not answer', async () => {
    const environment = { REDIS_URL: 'redis://:secret@127.0.0.1:1' };
    const start = privateStack({ only: ['redis'], environment });
    await expect(start).rejects.toThrow(
      /Redis at redis:\/\/127.0.0.1:1 \(from REDIS_URL\) can't be used.*unset REDIS_URL/,
    );
  });

  it('is refused with the cure when it is a Redis that evicts', async () => {
    const own = await privateStack({ only: ['redis'] });
    try {
      await redisCommand(own.urls.REDIS_URL, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
      const start = privateStack({ only: ['redis'], environment: { REDIS_URL: own.urls.REDIS_URL } });
      await expect(start).rejects.toThrow(/maxmemory-policy is allkeys-lru.*config set maxmemory-policy noeviction/s);
    } finally {
      await own.remove();
    }
  });
});

/** Direct messages of many threads while a worker is killed: none is lost, none comes twice, and the order is exact. */
import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import { type DirectServices, directServices } from '../../src/social/direct/index.ts';
import { FollowStore } from '../../src/social/stores/follows.ts';
import { UserStore } from '../../src/social/stores/users.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { long } from '../support/long.ts';
import { killProcess, startProcess } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

let app: TestApp;
let direct: DirectServices;
let redis: Redis;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  app = await startTestApp({ http: false, worker: false });
  redis = new Redis(app.config.feedRedisUrl);
  const db = app.twolane.database.databaseFor;
  const parts = { enqueuer: app.twolane, followUps: app.twolane, logger: silentLogger };
  const follows = new FollowStore(db, new UserStore(db));
  direct = directServices({ db, redis, prefix: app.config.TWOLANE_PREFIX, follows, ...parts });
  for (let n = 0; n < 2; n++) workers.push(startProcess('realtime', app.environment));
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map(killProcess));
  await direct.close();
  await redis.quit();
  await app.stop();
}, 60_000);

/** Opens threads of two and writes down what comes to the second of each. */
async function openThreads(count: number) {
  const names = freshPrefix();
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const [from, to] = [`${names}-from-${n}`, `${names}-to-${n}`];
      const came: string[] = [];
      const stop = await direct.streams.watch(to, undefined, ({ event, data }) => {
        if (event === 'message') came.push((data as { text: string }).text);
      });
      return { id: await direct.sending.open(from, [to]), from, came, stop };
    }),
  );
}

async function fault(threads: number, messages: number, timeoutMs: number): Promise<void> {
  const open = await openThreads(threads);
  const total = threads * messages;
  const arrived = () => open.reduce((sum, { came }) => sum + came.length, 0);
  const expected = Array.from({ length: messages }, (_, n) => `message ${n}`);
  const sending = Promise.all(
    open.map(async ({ id, from }) => {
      for (const text of expected) {
        const message = { threadId: id, senderId: from, text, clientMessageId: text, traceparent: undefined };
        await direct.sending.send(message);
        // A client that heard nothing asks again.
        if (Math.random() < 0.1) await direct.sending.send(message);
      }
    }),
  );
  await until('a third has come', () => arrived() > total / 3, { timeoutMs });
  await killProcess(workers.shift() as ChildProcess);
  workers.push(startProcess('realtime', app.environment));
  await sending;
  await until('all have come', () => arrived() >= total, { timeoutMs });
  for (const { came, stop } of open) {
    expect(came).toEqual(expected);
    stop();
  }
}

describe('Direct messages', () => {
  it('of 20 threads of 50 come once and in order although a worker is killed', { timeout: 120_000 }, () =>
    fault(20, 50, 60_000),
  );
  it('of 200 threads of 500 come once and in order although a worker is killed', { ...long, timeout: 2_400_000 }, () =>
    fault(200, 500, 1_200_000),
  );
});

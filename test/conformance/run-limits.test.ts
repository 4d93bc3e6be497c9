/** How jobs run, on every lane: limits per type and per process, middleware, and the time until work that must stop has stopped. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Catalog,
  defineJob,
  type JobContext,
  type JobDetail,
  type LaneName,
  type Middleware,
} from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import type { Worker } from '../../workers/run-worker.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { laneCases, reaches } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ name: z.string(), untilReleased: z.boolean().default(false) });

function catalogOf(lane: LaneName) {
  const common = { lane, payload, result: z.string().optional(), maxAttempts: 1, killAfterMs: 200 } as const;
  return {
    'two-at-once': defineJob({ ...common, type: 'two-at-once', queue: 'shared', concurrency: 2 }),
    free: defineJob({ ...common, type: 'free', queue: 'shared' }),
    other: defineJob({ ...common, type: 'other', queue: 'second' }),
  } satisfies Catalog;
}

describe.each(laneCases)('On the $name lane', ({ lane, memory }) => {
  const jobs = catalogOf(lane);
  const order: string[] = [];
  /** Names of the jobs that run now, and what lets each of them end. */
  const running = new Map<string, () => void>();
  let app: TestApp;
  let worker: Worker;

  const handler = async ({ name, untilReleased }: z.output<typeof payload>, { signal }: JobContext<string>) => {
    if (untilReleased) await new Promise<void>((resolve) => running.set(name, resolve));
    running.delete(name);
    if (name.startsWith('watched')) order.push(`handler, stopped: ${signal.aborted}`);
    return 'done';
  };
  const noting =
    (own: string): Middleware =>
    async (job, next) => {
      const { name } = job.payload as { name: string };
      if (!name.startsWith('watched')) return next();
      order.push(`${own} before ${job.type} ${job.attempt}`);
      const result = await next();
      order.push(`${own} after`);
      return name === 'watched and changed' ? `${result} and ${own}` : result;
    };
  const guarding: Middleware = async (job, next) => {
    const { name } = job.payload as { name: string };
    if (name === 'refused') throw new Error('Not on my watch');
    return name === 'skipped' ? 'skipped' : next();
  };

  beforeAll(async () => {
    app = await startTestApp({
      http: false,
      worker: false,
      overrides: {
        catalog: jobs,
        handlers: () => ({ 'two-at-once': handler, free: handler, other: handler }),
        middleware: [noting('outer'), noting('inner'), guarding],
        product: undefined,
        app: undefined,
        ...(memory && { lanes: { realtime: memoryLane({ name: 'realtime' }) } }),
      },
    });
    worker = app.twolane.worker({ lane, concurrency: 6, total: 5 });
    await worker.start();
  });
  afterAll(async () => {
    await worker.stop();
    await app.stop();
  });

  const held = (job: (typeof jobs)[keyof typeof jobs], count: number) =>
    app.twolane.enqueueMany(
      Array.from({ length: count }, (_, n) => ({ job, payload: { name: `${job.type} ${n}`, untilReleased: true } })),
    );
  const runningOf = (type: string) => [...running.keys()].filter((name) => name.startsWith(type)).length;
  const releaseOne = (type: string) => [...running].find(([name]) => name.startsWith(type))?.[1]();

  test('a type with a limit runs so many jobs at once and leaves the slots to others, within the limit of the process', async () => {
    const ids = (await held(jobs['two-at-once'], 4)).map(({ id }) => id);
    await until('two of them run', () => runningOf('two-at-once') === 2);
    ids.push(...(await held(jobs.free, 2)).map(({ id }) => id));
    await until('the others of the queue run beside them', () => runningOf('free') === 2);
    ids.push(...(await held(jobs.other, 3)).map(({ id }) => id));
    await until('one of the other queue runs', () => runningOf('other') === 1);
    expect(running.size).toBe(5);
    const most = { all: 0, limited: 0 };
    const watching = setInterval(() => {
      most.all = Math.max(most.all, running.size);
      most.limited = Math.max(most.limited, runningOf('two-at-once'));
    }, 2);
    const releasing = setInterval(() => ['two-at-once', 'free', 'other'].forEach(releaseOne), 60);
    for (const id of ids) await reaches(app.twolane, id, ['succeeded']);
    for (const timer of [watching, releasing]) clearInterval(timer);
    expect(most).toEqual({ all: 5, limited: 2 });
  });

  test('middleware runs around the handler in the order of the list, and may change, refuse or answer in its place', async () => {
    const results = new Map<string, JobDetail>();
    for (const name of ['watched', 'watched and changed', 'refused', 'skipped']) {
      const { id } = await app.twolane.enqueue(jobs.free, { name });
      results.set(name, await reaches(app.twolane, id, ['succeeded', 'dead']));
    }
    expect(order.slice(0, 5)).toEqual([
      'outer before free 1',
      'inner before free 1',
      'handler, stopped: false',
      'inner after',
      'outer after',
    ]);
    expect(results.get('watched')?.result).toBe('done');
    expect(results.get('watched and changed')?.result).toBe('done and inner and outer');
    expect(results.get('refused')).toMatchObject({ state: 'dead', error: { message: 'Not on my watch' } });
    expect(results.get('skipped')?.result).toBe('skipped');
  });

  test('work that does not stop when it is cancelled is known to go on, until it has stopped', async () => {
    const overruns: string[] = [];
    worker.onOverrun(({ id }) => overruns.push(id));
    const { id } = await app.twolane.enqueue(jobs.free, { name: 'free and deaf', untilReleased: true });
    await until('it runs', () => running.has('free and deaf'));
    await app.twolane.operations.cancel(id, 'changed my mind');
    const cancelled = await reaches(app.twolane, id, ['cancelled']);
    const [attempt] = cancelled.attempts;
    expect(attempt).toMatchObject({ outcome: 'cancelled', stoppedAt: null });
    expect(Date.parse(attempt?.cancelRequestedAt ?? '')).toBeLessThanOrEqual(Date.parse(attempt?.finishedAt ?? ''));
    await until('the worker has told', () => overruns.length > 0);
    expect(overruns).toEqual([id]);
    releaseOne('free and deaf');
    const stopped = await until(
      'its end is noted',
      async () => (await app.twolane.operations.get(id))?.attempts[0]?.stoppedAt,
    );
    expect(Date.parse(stopped)).toBeGreaterThanOrEqual(Date.parse(attempt?.finishedAt ?? ''));
  });

  test('a cancel that was asked for wins over another attempt, also when its worker is lost', async () => {
    const { database } = app.twolane;
    const names = ['free and failing', 'free and lost'];
    const items = names.map((name) => ({
      job: jobs.free,
      payload: { name, untilReleased: true },
      options: { maxAttempts: 3 },
    }));
    const [failing, lost] = (await app.twolane.enqueueMany(items)).map(({ id }) => id);
    await until('both run', () => names.every((name) => running.has(name)));
    // As if the notice had reached nobody yet.
    const unwanted = `update twolane.live set cancel = 'unwanted', cancel_at = now() where id = $1 returning fence`;
    const { fence } = (await database.query(unwanted, [failing])).rows[0];
    const error = { name: 'Error', message: 'no' };
    const outcome = [{ id: failing, fence, kind: 'retry', delay_ms: 0, outcome: 'failed', error }];
    await database.query('select * from twolane.settle_others($1, $2)', [JSON.stringify(outcome), 'test']);
    const { rows } = await database.query(
      `insert into twolane.sessions (host, pid, role, version, queues) values ('gone', 1, 'worker', '0', '[]') returning id`,
    );
    await database.query('update twolane.live set worker = $2 where id = $1', [lost, rows[0].id]);
    await database.query(unwanted, [lost]);
    await database.query('select * from twolane.bury($1, $2)', [rows[0].id, 'It is gone']);
    for (const [id = '', outcomeWord] of [
      [failing, 'failed'],
      [lost, 'crashed'],
    ] as const)
      expect(await app.twolane.operations.get(id)).toMatchObject({
        state: 'cancelled',
        reason: 'unwanted',
        attempts: [{ outcome: outcomeWord, cancelRequestedAt: expect.any(String), stoppedAt: expect.any(String) }],
      });
    for (const name of names) running.get(name)?.();
  });
});

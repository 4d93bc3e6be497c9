/** Limits of a job type and of its keys, on every lane: they hold over several workers, through failures and lost workers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, defineJob, type EnqueuedJob, type JobDefinition } from '../../src/contract/index.ts';
import { registerLimits } from '../../src/ledger/limits.ts';
import { type LaneApp, laneCases, payload, type Run, scriptedHandler, startLaneApp } from '../support/lanes.ts';
import { mostAtOnce, mostWithin } from '../support/overlaps.ts';
import { until } from '../support/stack.ts';

const rate = { count: 5, perMs: 400 };
const keyRate = { count: 1, perMs: 200 };

describe.each(laneCases)('Limits on the $name lane', (laneCase) => {
  const common = { lane: laneCase.lane, queue: 'limited', payload, backoff: { delayMs: 60 }, maxAttempts: 3 } as const;
  const jobs = {
    plain: defineJob({ ...common, type: 'plain' }),
    later: defineJob({ ...common, type: 'later' }),
    pairs: defineJob({ ...common, type: 'pairs', limits: { concurrency: 2 } }),
    rated: defineJob({ ...common, type: 'rated', limits: { rate } }),
    'pairs-per-key': defineJob({ ...common, type: 'pairs-per-key', limits: { perKey: { concurrency: 2 } } }),
    'rated-per-key': defineJob({ ...common, type: 'rated-per-key', limits: { perKey: { rate: keyRate } } }),
    both: defineJob({ ...common, type: 'both', limits: { concurrency: 3, perKey: { concurrency: 2 } } }),
  } satisfies Catalog;
  const runs: Run[] = [];
  let app: LaneApp;
  let stopWorkers: () => Promise<unknown>;

  beforeAll(async () => {
    const handler = scriptedHandler(runs);
    const handlers = () => Object.fromEntries(Object.keys(jobs).map((type) => [type, handler]));
    app = await startLaneApp(laneCase, {
      worker: false,
      overrides: { catalog: jobs, handlers },
      settings: { TWOLANE_DRAIN_MS: '100', TWOLANE_PATROL_MS: '200' },
    });
    const workers = [app.twolane.worker({ concurrency: 8 }), app.twolane.worker({ concurrency: 8 })];
    for (const worker of workers) await worker.start();
    stopWorkers = () => Promise.all(workers.map((worker) => worker.stop()));
  });
  afterAll(async () => {
    await stopWorkers();
    await app.stop();
  });

  const runsOf = (prefix: string) => runs.filter((run) => run.name.startsWith(prefix));
  const enqueue = (job: JobDefinition, scripts: object[], keys: string[] = []) =>
    app.twolane.enqueueMany(
      scripts.map((script, n) => ({
        job,
        payload: script,
        options: keys.length ? { key: keys[n % keys.length] } : {},
      })),
    );
  const finished = (enqueued: readonly EnqueuedJob[]) =>
    Promise.all(enqueued.map((job) => app.reaches(job.id, 'succeeded')));
  /** When each attempt was given to its worker, in order, milliseconds. */
  const startsOf = async (enqueued: readonly EnqueuedJob[]) =>
    (await finished(enqueued))
      .flatMap((job) => job.attempts.map((attempt) => Date.parse(attempt.startedAt)))
      .sort((a, b) => a - b);

  test('no more jobs of a type run at once than its concurrency, also when some fail and run again', async () => {
    const scripts = Array.from({ length: 12 }, (_, n) => ({
      name: `pair ${n}`,
      takesMs: 100,
      ...(n % 4 === 0 && { fails: [1] }),
    }));
    await finished(await enqueue(jobs.pairs, scripts));
    expect(runsOf('pair ')).toHaveLength(15);
    expect(mostAtOnce(runsOf('pair '))).toBe(2);
  });

  test('no stretch of the time of a rate sees more starts of the type than its count', async () => {
    const scripts = Array.from({ length: 18 }, (_, n) => ({ name: `rated ${n}`, ...(n === 0 && { fails: [1] }) }));
    const starts = await startsOf(await enqueue(jobs.rated, scripts));
    expect(starts).toHaveLength(19);
    expect(mostWithin(starts, rate.perMs)).toBeLessThanOrEqual(rate.count);
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(rate.perMs * 10);
  });

  test('no more jobs of a key run at once than its concurrency, and keys do not wait for each other', async () => {
    const scripts = Array.from({ length: 9 }, (_, n) => ({ name: `of ${n % 3} ${n}`, takesMs: 250 }));
    const done = await finished(await enqueue(jobs['pairs-per-key'], scripts, ['a', 'b', 'c']));
    for (const key of [0, 1, 2]) expect(mostAtOnce(runsOf(`of ${key}`))).toBe(2);
    expect(mostAtOnce(runsOf('of '))).toBeGreaterThan(3);
    expect(done[0]).toMatchObject({ key: 'a' });
  });

  test('the rate of a key keeps its strict order and leaves other keys alone', async () => {
    const scripts = Array.from({ length: 8 }, (_, n) => ({ name: `slow ${n % 2} ${n}` }));
    const enqueued = await enqueue(jobs['rated-per-key'], scripts, ['x', 'y']);
    for (const key of [0, 1]) {
      const starts = await startsOf(enqueued.filter((_, n) => n % 2 === key));
      expect(mostWithin(starts, keyRate.perMs)).toBe(1);
      expect(runsOf(`slow ${key}`).map((run) => run.name)).toEqual(
        runsOf(`slow ${key}`)
          .map((run) => run.name)
          .sort(),
      );
    }
    const all = await startsOf(enqueued);
    expect((all.at(-1) ?? 0) - (all[0] ?? 0)).toBeLessThan(keyRate.perMs * 12);
  });

  test('a job that always fails parks its own key only, and the next of the key goes when it is dead', async () => {
    const scripts = [{ name: 'poison', fails: 'for ever' }, { name: 'behind it' }, { name: 'beside it' }];
    const [poison, behind, beside] = await enqueue(jobs.plain, scripts, ['sick', 'sick', 'well']);
    await app.reaches(beside?.id ?? '', 'succeeded');
    const dead = await app.reaches(poison?.id ?? '', 'dead');
    const next = await app.reaches(behind?.id ?? '', 'succeeded');
    expect(dead.attempts).toHaveLength(3);
    expect(Date.parse(next.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(dead.finishedAt ?? ''));
    expect(runsOf('beside it')[0]?.startedAt).toBeLessThan(runsOf('poison').at(-1)?.startedAt ?? 0);
  });

  test('new limits hold for the jobs that were enqueued before them, in the order in which they stood', async () => {
    const { operations, database } = app.twolane;
    const script = (n: number, takesMs = 60) => ({ name: `earlier ${n}`, takesMs });
    const first = await enqueue(jobs.later, [script(0, 1_500)]);
    await until('the first one runs', () => runsOf('earlier').length === 1);
    const queue = `${laneCase.lane}/limited` as const;
    await operations.pause(queue);
    const rest = await enqueue(
      jobs.later,
      Array.from({ length: 8 }, (_, n) => script(n + 1)),
    );
    await registerLimits(database, { later: defineJob({ ...common, type: 'later', limits: { concurrency: 2 } }) });
    const unlimited = async () =>
      (await database.query(`select id from twolane.live where type = 'later' and limit_key is null`)).rows.length;
    expect(await unlimited()).toBe(0);
    // Enqueued by a process that does not know of the limits.
    const stragglers = await enqueue(jobs.later, [script(9), script(10)]);
    expect(await unlimited()).toBe(2);
    await until('the patrol has found them', async () => (await unlimited()) === 0);
    await operations.resume(queue);
    await finished([...first, ...rest, ...stragglers]);
    expect(mostAtOnce(runsOf('earlier'))).toBe(2);
    // Two that go at once reach two workers, either of which may be the first.
    const order = runsOf('earlier').map(({ name }) => Number(name.split(' ')[1]));
    order.forEach((n, place) => {
      expect(Math.abs(n - place), `the order ${order}`).toBeLessThanOrEqual(1);
    });
  });

  test('limits of the type and of the key hold together, also for a key with more jobs than the others', async () => {
    const scripts = Array.from({ length: 9 }, (_, n) => ({ name: `both ${n < 6 ? 'k' : n}`, takesMs: 150 }));
    const keys = Array.from({ length: 9 }, (_, n) => (n < 6 ? 'k' : `k${n}`));
    await finished(await enqueue(jobs.both, scripts, keys));
    expect(mostAtOnce(runsOf('both '))).toBe(3);
    expect(mostAtOnce(runsOf('both k'))).toBeLessThanOrEqual(2);
  });

  test('a worker that is lost, a cancel and a retry of a dead job give the slots back', async () => {
    const { operations, database } = app.twolane;
    const [first, second, third] = await enqueue(jobs.pairs, [
      { name: 'cancelled', takesMs: 60_000 },
      { name: 'lost', takesMs: 1_000 },
      { name: 'third', fails: 'non-retryable' },
    ]);
    for (const job of [first, second]) await app.reaches(job?.id ?? '', 'running');
    expect(await operations.get(third?.id ?? '')).toMatchObject({
      state: 'waiting',
      reason: 'waits for the limit of its type',
    });
    await operations.cancel(first?.id ?? '');
    await app.reaches(first?.id ?? '', 'cancelled');
    await database.query('select twolane.bury(worker, $1) from twolane.live where id = $2', ['lost', second?.id]);
    await app.reaches(third?.id ?? '', 'dead');
    await operations.retry(third?.id ?? '', { payload: { name: 'mended' } });
    await finished([second, third] as EnqueuedJob[]);
    expect((await database.query('select count(*)::int as n from twolane.live')).rows).toEqual([{ n: 0 }]);
    expect((await operations.conservation()).unaccounted).toBe(0);
  });

  test('thousands of jobs behind the limits of a type or key delay nobody else', async () => {
    const many = (name: string) => Array.from({ length: 3_000 }, () => ({ name, takesMs: 60_000 }));
    const byType = await enqueue(jobs.pairs, many('stuck by type'));
    const byKey = await enqueue(jobs['pairs-per-key'], many('stuck by key'), ['busy']);
    // What can't be let in soon does not stand in the line, where every pick would read past it.
    const { rows: inLine } = await app.twolane.database.query(
      `select id from twolane.live where type = 'pairs-per-key' and in_line = 1`,
    );
    expect(inLine.length).toBeLessThanOrEqual(2);
    const startedAt = Date.now();
    const other = await app.twolane.enqueue(jobs['pairs-per-key'], { name: 'other key' }, { key: 'free' });
    await finished([other, await app.twolane.enqueue(jobs.plain, { name: 'plain' })]);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    await until('the last one says why it waits', async () => {
      const last = await app.twolane.operations.get(byKey.at(-1)?.id ?? '');
      return last?.reason === 'waits for the limit of its key';
    });
    expect(await app.twolane.operations.get(byType.at(-1)?.id ?? '')).toMatchObject({
      reason: 'waits for the limit of its type',
    });
    await until('both limits are used up', async () => runsOf('stuck').length >= 4);
    expect(runsOf('stuck')).toHaveLength(4);
  });
});

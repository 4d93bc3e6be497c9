/** Turns between tenants on every lane: nobody waits for another's backlog, and a weight is a share. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, defineJob, type EnqueueItem } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, payload, type Run, scriptedHandler, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

/** How many of another tenant's jobs a single one overtakes; `npm run test:fairness` has 100,000 of them. */
const crowd = Number(process.env.TWOLANE_CROWD ?? 20_000);
const perCall = 10_000;

/**
 * The first of each kind of the crowd's jobs share the first turn with the single one; so does the first of each sweep of jobs
 * that have become due, one in 100 ms, while a paused queue keeps the turns where they are.
 */
const ahead = 60;

describe.each(laneCases)('Tenants on the $name lane', (laneCase) => {
  const common = { lane: laneCase.lane, queue: 'shared', payload } as const;
  const jobs = {
    plain: defineJob({ ...common, type: 'plain' }),
    limited: defineJob({ ...common, type: 'limited', limits: { concurrency: 1 } }),
  } satisfies Catalog;
  const runs: Run[] = [];
  let app: LaneApp;
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    const handler = scriptedHandler(runs);
    app = await startLaneApp(laneCase, {
      worker: false,
      overrides: { catalog: jobs, handlers: () => ({ plain: handler, limited: handler }) },
      settings: { TWOLANE_DRAIN_MS: '100' },
    });
    const worker = app.twolane.worker({ concurrency: 1 });
    await worker.start();
    stopWorker = () => worker.stop();
  });
  afterAll(async () => {
    await stopWorker();
    await app.stop();
  });

  /** Fills the paused queue, lets it go, and answers the tenants of the first so many starts. */
  const starts = async (count: number, ...batches: EnqueueItem[][]): Promise<string[]> => {
    const { twolane } = app;
    await twolane.operations.pause(`${laneCase.lane}/shared`);
    await until('nothing runs', async () => {
      const [status] = await twolane.operations.queues();
      return status?.counts.running === 0 && status.counts.queued === 0;
    });
    runs.length = 0;
    for (const batch of batches) await twolane.enqueueMany(batch);
    await twolane.operations.resume(`${laneCase.lane}/shared`);
    await until(`${count} have started`, () => runs.length >= count);
    return runs.slice(0, count).map((run) => run.name);
  };
  const some = (count: number, tenant: string, job: EnqueueItem['job'] = jobs.plain): EnqueueItem[] =>
    Array.from({ length: count }, () => ({ job, payload: { name: tenant, takesMs: 2 }, options: { tenant } }));

  test('a weight of 3 has three turns for each one of another, whoever came first', async () => {
    await app.twolane.operations.setWeight({ tenant: 'heavy', weight: 3 });
    expect(await app.twolane.operations.tenants()).toEqual([{ tenant: 'heavy', weight: 3 }]);
    const order = await starts(40, some(30, 'usual'), some(30, 'heavy'));
    const heavy = (part: string[]) => part.filter((tenant) => tenant === 'heavy').length;
    // Those who came first are one turn ahead.
    for (const count of [8, 20, 32])
      expect(Math.abs(heavy(order.slice(0, count)) - (count * 3) / 4)).toBeLessThanOrEqual(1);
    await until('the rest is done', () => runs.length === 60);
  });

  test('tenants take turns in the line of a limit too', async () => {
    const order = await starts(8, some(20, 'many', jobs.limited), some(4, 'few', jobs.limited));
    expect(order.filter((tenant) => tenant === 'few').length).toBeGreaterThanOrEqual(3);
    await until('the rest is done', () => runs.length === 24);
  });

  test(`a single job starts at once although another tenant has ${crowd.toLocaleString('en')} waiting, plain, limited or due at once`, {
    timeout: 30_000 + crowd,
  }, async () => {
    const plain = Array.from({ length: crowd / perCall }, () => some(perCall, 'crowd'));
    const soon = { delayMs: 1, tenant: 'crowd' };
    const due = some(2_000, 'crowd').map((item) => ({ ...item, options: soon }));
    const order = await starts(ahead, due, some(2_000, 'crowd', jobs.limited), ...plain, some(1, 'single'));
    expect(order).toContain('single');
    await until('what is due waits no longer for its time', async () => {
      const { items } = await app.twolane.operations.list({ state: 'scheduled' }, { limit: 1 });
      return items.length === 0;
    });
    runs.length = 0;
    const askedAt = Date.now();
    await app.twolane.enqueue(jobs.plain, { name: 'later' }, { tenant: 'later' });
    const later = await until('it has started', () => runs.find((run) => run.name === 'later'));
    const overtaken = runs.indexOf(later);
    expect(overtaken).toBeLessThan(ahead);
    if (process.env.TWOLANE_CROWD)
      console.info(
        `${laneCase.name}: beside ${crowd} started after ${later.startedAt - askedAt} ms, ${overtaken} others before it`,
      );
  });
});

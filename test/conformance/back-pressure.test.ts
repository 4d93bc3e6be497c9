/** Back-pressure by queue age and by the size of the ledger, on every lane: what is in trouble takes no more, the rest does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BackPressureError, defineJob, type EnqueueOptions, type Enqueuer } from '../../src/contract/index.ts';
import type { TwolaneOptions } from '../../src/twolane.ts';
import { type LaneApp, laneCases, payload, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const nothing = async () => {};
/** Some more than the empty ledger has. */
const ledgerBytes = 64_000_000;

describe.each(laneCases)('On the $name lane', (laneCase) => {
  const other = defineJob({
    type: 'other',
    lane: laneCase.lane === 'bulk' ? 'realtime' : 'bulk',
    queue: 'other',
    payload,
  });
  let app: LaneApp;
  let ofHandlers: Enqueuer;
  const queue = `${laneCase.lane}/work` as const;
  beforeAll(async () => {
    // Nobody consumes the queue `work` yet.
    const handlers: TwolaneOptions['handlers'] = (services) => {
      ofHandlers = services.enqueuer;
      return { work: nothing, single: nothing, internal: nothing, other: nothing };
    };
    app = await startLaneApp(laneCase, {
      worker: false,
      overrides: { catalog: { ...testCatalog(laneCase.lane), other }, handlers },
      settings: { TWOLANE_LEDGER_MAX_BYTES: String(ledgerBytes) },
    });
    await app.twolane.operations.setMaxAge(queue, 300);
  });
  afterAll(() => app.stop());

  const work = (name: string) => ({ job: app.jobs.work, payload: { name } });
  const enqueue = (options?: EnqueueOptions) => app.twolane.enqueue(app.jobs.work, { name: 'more' }, options);

  test('a queue whose oldest job waits too long refuses new ones with a time to come back', async () => {
    const { twolane } = app;
    await twolane.enqueueMany(Array.from({ length: 50 }, (_, n) => work(`backlog ${n}`)));
    const refusal = await until('it refuses', () =>
      enqueue()
        .then(() => undefined)
        .catch((error) => error),
    );
    expect(refusal).toBeInstanceOf(BackPressureError);
    expect(refusal).toMatchObject({ code: 'queue_overloaded' });
    expect(refusal.retryAfterS).toBeGreaterThanOrEqual(1);
    expect(refusal.message).toContain(queue);
    const status = (await twolane.operations.queues()).find((one) => one.queue === 'work');
    expect(status).toMatchObject({ maxAgeMs: 300, refusing: { code: 'queue_overloaded' } });
    expect(await twolane.operations.alarms()).toContainEqual(
      expect.objectContaining({ code: 'queue_overloaded', target: queue }),
    );
  });

  test('other queues, internal jobs and what follows from accepted jobs are not refused', async () => {
    const { twolane, jobs } = app;
    await twolane.enqueue(jobs.single, { name: 'another queue' });
    await twolane.enqueue(jobs.internal, { name: 'internal, same queue' });
    await enqueue({ parentId: '1' });
    twolane.worker();
    await ofHandlers.enqueue(jobs.work, { name: 'by a handler, not by its context' });
    await expect(enqueue()).rejects.toThrow(BackPressureError);
  });

  test('a call with one refused job writes none, and a transaction is rolled back', async () => {
    const { twolane, jobs } = app;
    const before = await twolane.operations.conservation();
    const mixed = [{ job: jobs.single, payload: { name: 'beside it' } }, work('refused')];
    await expect(twolane.enqueueMany(mixed)).rejects.toThrow(BackPressureError);
    await expect(twolane.database.transaction((tx) => twolane.enqueueIn(tx, mixed))).rejects.toThrow(BackPressureError);
    const inTransaction = twolane.transaction(async (_tx, add) => {
      await add(jobs.single, { name: 'rolled back' });
      await add(jobs.work, { name: 'refused' });
    });
    await expect(inTransaction).rejects.toThrow(BackPressureError);
    expect((await twolane.operations.conservation()).appended).toBe(before.appended);
  });

  test('once the backlog is worked off it takes jobs again, and delayed jobs count from when they are due', async () => {
    const { twolane } = app;
    const worker = twolane.worker({ queues: ['work'], concurrency: 20 });
    await worker.start();
    await until('it takes jobs again', () => enqueue().catch(() => undefined));
    const { operations } = twolane;
    // All but the one for the queue `single`, which nobody consumes here.
    await until('the queue is empty', async () => (await operations.conservation()).live === 1);
    await until('no alarm is left', async () => (await operations.alarms()).every(({ target }) => target !== queue));
    await worker.stop();
    // Due just now, though enqueued longer ago than the limit allows.
    const job = await enqueue({ delayMs: 2_500 });
    await app.reaches(job.id, 'waiting', 'queued');
    const [age] = (await twolane.database.query('select twolane.waiting_age($1) as ms', [queue])).rows;
    expect(age.ms).toBeGreaterThanOrEqual(0);
    expect(age.ms).toBeLessThan(1_000);
  });

  test('a ledger that is nearly full refuses bulk jobs, a full one all, and both are taken again when there is room', async () => {
    const { operations, database, enqueue: add } = app.twolane;
    const [here, there] = [{ job: app.jobs.single }, { job: other }];
    const [bulk, realtime] = laneCase.lane === 'bulk' ? [here, there] : [there, here];
    const refusal = ({ job }: typeof here | typeof there) =>
      add(job, { name: 'more' }).then(
        () => undefined,
        (error: unknown) => error,
      );
    await fill(0.97 * ledgerBytes);
    await until('bulk jobs are refused', () => refusal(bulk));
    expect(await refusal(realtime)).toBeUndefined();
    await fill(1.02 * ledgerBytes);
    await until('all are refused', () => refusal(realtime));
    for (const one of [bulk, realtime]) {
      expect(await refusal(one)).toBeInstanceOf(BackPressureError);
      expect(await refusal(one)).toMatchObject({ code: 'ledger_full', retryAfterS: 60 });
    }
    expect((await operations.alarms()).map(({ code }) => code)).toContain('ledger_full');
    await add(app.jobs.internal, { name: 'internal' });
    await database.query('drop table public.filler');
    for (const one of [bulk, realtime])
      await until('jobs are taken again', async () => (await refusal(one)) === undefined);
  });

  /** Until the database has so many bytes. */
  async function fill(bytes: number): Promise<void> {
    const { query } = app.twolane.database;
    await query(`create table if not exists public.filler (t text);
      alter table public.filler alter t set storage plain`);
    await query(
      `insert into public.filler select repeat('x', 7000)
       from generate_series(1, ceil(($1::float8 - pg_database_size(current_database())) / 8192)::int)`,
      [bytes],
    );
  }
});

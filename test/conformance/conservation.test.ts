/** Conservation, on every lane: sums that are counted apart fit at all times, and what does not is put right, told of and written down. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Logger, type Repair, silentLogger } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  const told: string[] = [];
  beforeAll(async () => {
    const logger: Logger = {
      ...silentLogger,
      child: () => logger,
      warn: (_fields, message) => void told.push(message),
    };
    app = await startLaneApp(laneCase, { settings: { TWOLANE_PATROL_MS: '150' }, overrides: { logger } });
  });
  afterAll(() => app.stop());

  const sql = (text: string, ...values: unknown[]) => app.twolane.database.query(text, values);
  const repairs = async () => (await app.twolane.operations.repairs({})).items;
  const conservation = () => app.twolane.operations.conservation();

  async function repaired(kind: string): Promise<Repair> {
    const found = await until(`the repair "${kind}" is written down`, async () =>
      (await repairs()).find((one) => one.kind === kind),
    );
    await until('it is told in the log', () => told.some((message) => message.startsWith(`Repaired: ${kind}`)));
    return found;
  }

  test('what was appended is alive or settled at any moment, however jobs end, and nothing needs repair', async () => {
    const { twolane, jobs } = app;
    const script = (n: number) => ({
      name: `${n}`,
      takesMs: n % 7,
      ...(n % 5 === 0 && { fails: [1] }),
      ...(n % 11 === 0 && { fails: 'non-retryable' as const }),
    });
    const added = await twolane.enqueueMany(
      Array.from({ length: 300 }, (_, n) => ({ job: jobs.work, payload: script(n) })),
    );
    const later = await twolane.enqueue(jobs.work, { name: 'later' }, { delayMs: 60_000 });
    const blocked = await twolane.enqueue(jobs.work, { name: 'blocked' }, { waitFor: [later.id] });
    await twolane.operations.cancel(added.at(-1)?.id ?? '');
    let looks = 0;
    await until('all but two have ended', async () => {
      const { unaccounted, live } = await conservation();
      expect(unaccounted).toBe(0);
      looks += 1;
      return live === 2;
    });
    expect(looks).toBeGreaterThan(1);
    await twolane.operations.cancel(later.id);
    await app.reaches(blocked.id, 'cancelled');
    await until('the sums know', async () => (await conservation()).live === 0);
    expect(await conservation()).toMatchObject({ appended: 302, settled: 302, unaccounted: 0 });
    expect(await repairs()).toEqual([]);
    await until(
      'the patrol has written them down',
      async () => (await app.twolane.operations.books())?.settled === 302,
    );
    expect(await app.twolane.operations.books()).toMatchObject({ appended: 302, live: 0, unaccounted: 0 });
  });

  test('a job that is nowhere any more is brought back and runs', async () => {
    await app.twolane.operations.pause(`${laneCase.lane}/single`);
    const { id } = await app.twolane.enqueue(app.jobs.single, { name: 'lost' });
    await sql('delete from twolane.live where id = $1', id);
    expect((await conservation()).unaccounted).toBe(1);
    expect(await repaired('lost')).toMatchObject({ jobs: 1, jobIds: [id], lane: laneCase.lane, queue: 'single' });
    await app.twolane.operations.resume(`${laneCase.lane}/single`);
    await app.reaches(id, 'succeeded');
    expect(app.runsOf('lost')).toHaveLength(1);
    await until(
      'the patrol has found that the sums fit',
      async () => (await app.twolane.operations.books())?.unaccounted === 0,
    );
  });

  test('a job of a worker that does not exist is taken back and runs, and sums that are off are corrected', async () => {
    await app.twolane.operations.pause(`${laneCase.lane}/single`);
    const { id } = await app.twolane.enqueue(app.jobs.single, { name: 'abandoned' });
    await sql(`update twolane.live set state = 'running', waiting = false, worker = 999999 where id = $1`, id);
    // As though there were so many jobs that counting them took a minute: it is not done again at once.
    const { rows } = await sql(`update twolane.books set at = now(), took = '1 minute' returning at`);
    await sql('update twolane.totals set settled = settled - 3');
    expect(await repaired('abandoned')).toMatchObject({ jobIds: [id] });
    expect((await app.twolane.operations.books())?.countedAt).toBe(rows[0]?.at.toISOString());
    await sql(`update twolane.books set took = '0'`);
    expect(await repaired('counters')).toMatchObject({ jobs: 0, detail: expect.stringContaining('off by 3') });
    await app.twolane.operations.resume(`${laneCase.lane}/single`);
    await app.reaches(id, 'succeeded');
    await until('the sums fit', async () => (await conservation()).unaccounted === 0);
  });
});

/** Retention of history, on every lane: whole days go, by age, number and bytes, and nothing that is alive, dead or of today goes with them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import { maintain, type Retention } from '../../src/ledger/retention.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { addPastDay, dayName, idAt, pastDays } from '../support/past-days.ts';

const perDay = 200;

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  const queue = `${laneCase.lane}/work` as const;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
    for (const age of [6, 5, 4, 3, 2, 1]) await addPastDay(app.twolane.database, age, perDay, queue);
  });
  afterAll(() => app.stop());

  const keep = (retention: Retention) => maintain(app.twolane.database, retention, silentLogger);
  const days = () => pastDays(app.twolane.database);
  const oneOf = async (age: number) => String(BigInt(await idAt(app.twolane.database, dayName(age))) + 7n);
  const dropped = async () => (await app.twolane.operations.history()).dropped.filter((one) => one.days > 0);

  test('a day past its age goes with all that belongs to its jobs, and what runs meanwhile runs on', async () => {
    const { twolane, jobs } = app;
    const [old, younger] = [await oneOf(6), await oneOf(4)];
    expect(await twolane.operations.get(old)).toMatchObject({ id: old, state: 'succeeded' });
    const running = await twolane.enqueue(jobs.work, { name: 'running', takesMs: 500 });
    await app.reaches(running.id, 'running');
    await keep({ days: 4 });
    await app.reaches(running.id, 'succeeded');
    expect(await days()).toEqual([4, 3, 2, 1].map(dayName));
    expect(await twolane.operations.get(old)).toBeUndefined();
    expect(await twolane.operations.get(younger)).toMatchObject({ id: younger, state: 'succeeded' });
    expect(await dropped()).toMatchObject([{ reason: 'age', days: 2, jobs: 2 * perDay }]);
  });

  test('the oldest days go until the jobs fit, and then until the bytes do', async () => {
    // Some more than three days: the jobs of today count too.
    await keep({ days: 100, jobs: 3.5 * perDay });
    expect(await days()).toEqual([3, 2, 1].map(dayName));
    const { bytes } = await app.twolane.operations.history();
    await keep({ days: 100, bytes: bytes - 1_000 });
    expect(await days()).toEqual([2, 1].map(dayName));
    expect((await dropped()).map(({ reason }) => reason).sort()).toEqual(['age', 'bytes', 'count']);
  });

  test('a day with a dead job stays, which still can be retried and runs; then the day goes', async () => {
    const { twolane } = app;
    const id = await oneOf(2);
    await twolane.database.query('delete from twolane.done where id = $1', [id]);
    await twolane.database.query(`update twolane.jobs set payload = '{"name": "revived"}' where id = $1`, [id]);
    await twolane.database.query(
      `insert into twolane.dead (id, type, queue, attempt, fence, reason, fingerprint, awaited, error)
       values ($1, 'work', $2, 1, 1, 'failed', 'f', false, '{}')`,
      [id, queue],
    );
    await keep({ days: 1 });
    expect(await days()).toEqual([2, 1].map(dayName));
    await twolane.operations.retry(id);
    await app.reaches(id, 'succeeded');
    expect(app.runsOf('revived')).toHaveLength(1);
    await keep({ days: 1 });
    expect(await days()).toEqual([dayName(1)]);
  });
});

/** Pauses by job type and by key, on every lane: what is paused waits and says why, and stands in nobody's way. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
  });
  afterAll(() => app.stop());

  const parked = async () =>
    (await app.twolane.database.query('select count(*)::int as n from twolane.live where lot is not null')).rows[0].n;

  test('a paused job type starts nothing and says so, and other types of its queue do not wait behind it', async () => {
    const { operations } = app.twolane;
    await operations.pause({ type: 'work' });
    await operations.pause({ type: 'work' });
    const jobs = await app.twolane.enqueueMany(
      Array.from({ length: 1_500 }, (_, n) => ({ job: app.jobs.work, payload: { name: `typed ${n}` } })),
    );
    // Enqueued behind 1,500 jobs that may not start.
    const others = Array.from({ length: 5 }, (_, n) => ({ job: app.jobs.internal, payload: { name: `other ${n}` } }));
    for (const other of await app.twolane.enqueueMany(others)) await app.reaches(other.id, 'succeeded');
    await until('all are parked', async () => (await parked()) === 1_500);
    const [first] = jobs;
    expect(first?.state).toBe('waiting');
    expect(await operations.get(first?.id ?? '')).toMatchObject({
      state: 'waiting',
      reason: 'job type work is paused',
    });
    expect((await operations.list({ type: 'work' }, { limit: 1 })).items).toMatchObject([
      { reason: 'job type work is paused' },
    ]);
    expect(await operations.pauses()).toMatchObject([{ kind: 'type', name: 'work' }]);
    expect(app.runs.some((run) => run.name.startsWith('typed'))).toBe(false);

    await operations.resume({ type: 'work' });
    const done = () => app.runs.filter((run) => run.name.startsWith('typed')).length === 1_500;
    await until('all have run', done, { timeoutMs: 20_000 });
    expect(await operations.pauses()).toEqual([]);
    await until('nothing is parked, and no lot is left', async () => {
      const { rows } = await app.twolane.database.query('select from twolane.lots');
      return rows.length === 0 && (await parked()) === 0;
    });
  });

  test('a paused key holds its own jobs, in every type, and lets them go in their order', async () => {
    const { operations } = app.twolane;
    await operations.pause({ key: 'user:1' });
    const held = [];
    for (const [n, job] of [app.jobs.work, app.jobs.single, app.jobs.work].entries())
      held.push(await app.twolane.enqueue(job, { name: `keyed ${n}` }, { key: 'user:1' }));
    const free = await app.twolane.enqueue(app.jobs.work, { name: 'free' }, { key: 'user:2' });
    await app.reaches(free.id, 'succeeded');
    for (const { id } of held) {
      expect(await operations.get(id)).toMatchObject({ state: 'waiting', reason: 'key user:1 is paused' });
    }
    expect(await operations.pauses()).toMatchObject([{ kind: 'key', name: 'user:1' }]);
    await operations.resume({ key: 'user:1' });
    for (const { id } of held) await app.reaches(id, 'succeeded');
    const order = app.runs.filter((run) => run.name.startsWith('keyed')).map((run) => run.name);
    expect(order).toEqual(['keyed 0', 'keyed 1', 'keyed 2']);
  });

  test('what runs goes on when its type is paused, and what lies in the broker does not start', async () => {
    const { operations } = app.twolane;
    const running = await app.twolane.enqueue(app.jobs.single, { name: 'runs on', takesMs: 700 });
    await app.reaches(running.id, 'running');
    const published = await app.twolane.enqueue(app.jobs.single, { name: 'published' });
    await app.reaches(published.id, 'queued');
    const keyed = await app.twolane.enqueue(app.jobs.single, { name: 'keyed and published' }, { key: 'user:3' });
    await operations.pause({ type: 'single' });
    await app.reaches(running.id, 'succeeded');
    for (const { id } of [published, keyed])
      await until('it was refused', async () => (await operations.get(id))?.state === 'waiting');
    expect(await operations.get(published.id)).toMatchObject({ attempt: 0, reason: 'job type single is paused' });
    await operations.resume({ type: 'single' });
    for (const { id } of [published, keyed]) expect(await app.reaches(id, 'succeeded')).toMatchObject({ attempt: 1 });
  });

  test('a paused job can be cancelled, and one that came back waits again when it is paused anew', async () => {
    const { operations } = app.twolane;
    await operations.pause({ type: 'single' });
    const doomed = await app.twolane.enqueue(app.jobs.single, { name: 'doomed' });
    const patient = await app.twolane.enqueue(app.jobs.single, { name: 'patient' });
    await until('both are parked', async () => (await parked()) === 2);
    expect(await operations.cancel(doomed.id)).toBe('cancelled');
    await operations.resume({ type: 'single' });
    await operations.pause({ type: 'single' });
    await operations.pause(`${laneCase.lane}/work`);
    expect((await operations.pauses()).map((pause) => pause.name).sort()).toEqual([`${laneCase.lane}/work`, 'single']);
    await operations.resume(`${laneCase.lane}/work`);
    await operations.resume({ type: 'single' });
    await app.reaches(patient.id, 'succeeded');
    expect(app.runsOf('doomed')).toHaveLength(0);
    expect((await operations.conservation()).unaccounted).toBe(0);
  });
});

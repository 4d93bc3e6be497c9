/** What a schedule promises on every lane: each slot's job runs, once, and says where it comes from. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineSchedule } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  let second: ReturnType<LaneApp['twolane']['scheduler']>;
  beforeAll(async () => {
    const { work } = testCatalog(laneCase.lane);
    const everySecond = {
      name: 'pulse',
      job: work,
      payload: { name: 'pulse' },
      cron: '* * * * * *',
      missed: 'run-all',
    } as const;
    app = await startLaneApp(laneCase, { overrides: { schedules: [defineSchedule(everySecond)] } });
    // Beside the one of the app.
    second = app.twolane.scheduler();
    await second.start();
  });
  afterAll(async () => {
    await second.stop();
    await app.stop();
  });

  test('the job of each slot runs once with two schedulers alive, within a second of its slot, and knows schedule and slot', async () => {
    await until('three slots have run', () => app.runsOf('pulse').length >= 3);
    await app.twolane.schedules.pause('pulse', { actor: 'test' });
    const { items } = await app.twolane.operations.list({ schedule: 'pulse' }, {});
    const jobs = await Promise.all(items.toReversed().map(({ id }) => app.reaches(id, 'succeeded')));
    expect(app.runsOf('pulse')).toHaveLength(jobs.length);
    const slots = jobs.map(({ metadata }) => Date.parse(String(metadata?.slot)));
    expect(app.runsOf('pulse').map(({ scheduledFor }) => scheduledFor?.getTime())).toEqual(slots);
    slots.forEach((slot, index) => {
      expect(slot % 1_000).toBe(0);
      if (index > 0) expect(slot - (slots[index - 1] as number)).toBe(1_000);
      expect(jobs[index]?.metadata?.schedule).toBe('pulse');
    });
    const late = jobs.map(({ startedAt }, index) => Date.parse(startedAt ?? '') - (slots[index] as number));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    // Of three or four the median: one may have met a pause of this machine.
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThan(1_000);
  });

  test('a run by hand begins at once, also of a paused schedule, and is its last run', async () => {
    const payload = { name: 'by hand' };
    const { schedule } = await app.twolane.schedules.put(
      'yearly',
      { ...(await pulse()), payload, cron: '0 0 1 1 *' },
      { actor: 'test', enabled: false },
    );
    expect(schedule).toMatchObject({ state: 'paused', nextRuns: [], lastRun: null });
    const job = await app.twolane.schedules.run('yearly', { actor: 'test' });
    await app.reaches(job.id, 'succeeded');
    expect(await app.twolane.schedules.get('yearly')).toMatchObject({
      lastRun: { jobId: job.id, slot: null, state: 'succeeded' },
    });
    expect(app.runsOf('by hand')).toMatchObject([{ scheduledFor: undefined }]);
  });

  test('with jitter a job begins at most so much after its slot', async () => {
    const definition = { ...(await pulse()), payload: { name: 'jittered' }, jitterMs: 900 };
    await app.twolane.schedules.put('jittered', definition, { actor: 'test' });
    await until('two have run', () => app.runsOf('jittered').length >= 2);
    await app.twolane.schedules.pause('jittered', { actor: 'test' });
    const { items } = await app.twolane.operations.list({ schedule: 'jittered' }, {});
    for (const { id } of items) {
      const job = await app.reaches(id, 'succeeded');
      const afterMs = Date.parse(job.runAt ?? '') - Date.parse(String(job.metadata?.slot));
      expect(afterMs).toBeGreaterThanOrEqual(0);
      expect(afterMs).toBeLessThan(900);
    }
  });

  async function pulse() {
    const declared = (await app.twolane.schedules.get('pulse'))?.declared;
    return declared as NonNullable<typeof declared>;
  }
});

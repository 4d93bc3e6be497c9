/** What a schedule promises on every lane: each slot's job runs, once, by its rules, and says where it comes from. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineSchedule, type ScheduleDefinition } from '../../src/contract/index.ts';
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

  test('an edit while schedulers run holds for the very next slot: other times, another payload', async () => {
    const definition = { ...(await pulse()), payload: { name: 'unedited' }, cron: '0 0 1 1 *' };
    await app.twolane.schedules.put('edited', definition, { actor: 'test' });
    const changes = { payload: { name: 'edited' }, cron: '* * * * * *' };
    await app.twolane.schedules.put('edited', { ...definition, ...changes }, { actor: 'test' });
    await until('it has run as edited', () => app.runsOf('edited').length > 0);
    await app.twolane.schedules.pause('edited', { actor: 'test' });
    expect(app.runsOf('unedited')).toEqual([]);
  });

  test('after hours without a scheduler its rule decides: the newest slot runs, the last few, or none', async () => {
    // Ten minutes ago and each hour before: never within the minute in which a slot is in time.
    const newest = Math.floor(Date.now() / 60_000 - 10) * 60_000;
    const hoursBefore = (hours: number) => newest - hours * 3_600_000;
    const cron = `${new Date(newest).getUTCMinutes()} * * * *`;
    for (const missed of ['skip', 'run-once', 'run-all'] as const)
      await unseenSince(missed, hoursBefore(3), { cron, missed, missedMost: 2 });
    expect(await slotsThatRan('run-once', 1)).toEqual([newest]);
    expect(await slotsThatRan('run-all', 2)).toEqual([hoursBefore(1), newest]);
    const skipped = (name: string) => app.twolane.schedules.get(name).then((schedule) => schedule?.lastSkipped);
    const missed = (slot: number, through: number) => ({
      reason: 'missed',
      slot: new Date(slot).toISOString(),
      through: new Date(through).toISOString(),
    });
    await until('the third has moved on', () => skipped('skip'));
    expect(await skipped('skip')).toMatchObject(missed(hoursBefore(3), newest));
    expect(await skipped('run-once')).toMatchObject(missed(hoursBefore(3), hoursBefore(1)));
    expect(await skipped('run-all')).toMatchObject(missed(hoursBefore(3), hoursBefore(2)));
    expect(app.runsOf('skip')).toEqual([]);
  });

  test('when the clocks change, a named time runs once a day, and a star follows real time through both changes', async () => {
    const rules = { timeZone: 'Europe/Berlin', missed: 'run-all', missedMost: 10 } as const;
    const [spring, autumn] = [lastChange(2), lastChange(9)];
    const slots = (change: Change, ...times: string[]) =>
      times.map((time) => Date.parse(`${change.year}-${change.month}-${time}Z`));
    const expected = {
      // 02:30 does not exist on that day: it runs when the gap ends. The day before was winter time.
      'spring, named': [
        `30 2 ${spring.day - 1},${spring.day} 3 *`,
        slots(spring, `${spring.day - 1}T01:30`, `${spring.day}T01:00`),
      ],
      'spring, star': [
        `*/30 1-3 ${spring.day} 3 *`,
        slots(spring, ...['00:00', '00:30', '01:00', '01:30'].map((time) => `${spring.day}T${time}`)),
      ],
      // 02:30 comes twice on that day: it runs the first time. The day before was summer time.
      'autumn, named': [
        `30 2 ${autumn.day - 1},${autumn.day} 10 *`,
        slots(autumn, `${autumn.day - 1}T00:30`, `${autumn.day}T00:30`),
      ],
      'autumn, star': [
        `*/30 2 ${autumn.day} 10 *`,
        slots(autumn, ...['00:00', '00:30', '01:00', '01:30'].map((time) => `${autumn.day}T${time}`)),
      ],
    } satisfies Record<string, [string, number[]]>;
    for (const [name, [cron, due]] of Object.entries(expected))
      await unseenSince(name, due[0] as number, { ...rules, cron });
    for (const [name, [, due]] of Object.entries(expected))
      expect(await slotsThatRan(name, due.length), name).toEqual(due);
  });

  /** A schedule as if nobody had looked at it since its slot at that moment. */
  async function unseenSince(name: string, slot: number, rules: Partial<ScheduleDefinition>): Promise<void> {
    const definition = { ...(await pulse()), payload: { name }, ...rules };
    await app.twolane.schedules.put(name, definition, { actor: 'test' });
    const text = 'update twolane.schedules set next_at = $2 where name = $1';
    await app.twolane.database.query(text, [name, new Date(slot)]);
  }

  async function slotsThatRan(name: string, count: number): Promise<(number | undefined)[]> {
    await until(`${count} of ${name} have run`, () => app.runsOf(name).length >= count);
    return app
      .runsOf(name)
      .map(({ scheduledFor }) => scheduledFor?.getTime())
      .sort((one = 0, other = 0) => one - other);
  }

  async function pulse() {
    const declared = (await app.twolane.schedules.get('pulse'))?.declared;
    return declared as NonNullable<typeof declared>;
  }
});

interface Change {
  year: number;
  /** Two digits. */
  month: string;
  day: number;
}

/** The last Sunday of March or October (`month` counts from 0) that is some days ago: then Berlin's clocks change. */
function lastChange(month: 2 | 9): Change {
  for (let year = new Date().getUTCFullYear(); ; year -= 1) {
    const day = 31 - new Date(Date.UTC(year, month, 31)).getUTCDay();
    if (Date.UTC(year, month, day + 2) < Date.now()) return { year, month: String(month + 1).padStart(2, '0'), day };
  }
}

/** Schedules in the ledger: three schedulers at once, outages, edits, and clocks that are wrong. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defineSchedule, type ScheduleDefinition } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const change = { actor: 'test' };
const { work } = testCatalog('realtime');
const yearly = { job: work, payload: { name: 'yearly' }, cron: '0 0 1 1 *' } as const;
const { definition } = defineSchedule({ name: 'yearly', ...yearly });

describe('With three schedulers', () => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCases[0]);
    const others = [app.twolane.scheduler(), app.twolane.scheduler()];
    for (const other of others) await other.start();
    const { stop } = app;
    app.stop = async () => {
      for (const other of others) await other.stop();
      await stop();
    };
  });
  afterAll(() => app.stop());

  const schedules = () => app.twolane.schedules;
  const put = (name: string, changes: Partial<ScheduleDefinition>) =>
    schedules().put(name, { ...definition, payload: { name }, ...changes }, change);
  const sql = (text: string, values?: unknown[]) => app.twolane.database.query(text, values);
  async function settled(name: string) {
    const { rows } = await sql(
      'select outcome, slot, through, job_id from twolane.schedule_runs where schedule = $1 order by id',
      [name],
    );
    return rows as { outcome: string; slot: Date | null; through: Date | null; job_id: string | null }[];
  }

  test('no slot of twenty schedules is served twice or left out, through a change of schedulers', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `every-${n}`);
    for (const name of names) await put(name, { cron: '* * * * * *', missed: 'run-all' });
    await until('some have run', async () => (await settled('every-19')).length >= 2);
    const successor = app.twolane.scheduler();
    await successor.start();
    await until('all have run', async () => (await settled('every-19')).length >= 4);
    await successor.stop();
    for (const name of names) await schedules().pause(name, change);
    for (const name of names) {
      const runs = await settled(name);
      const slots = runs.map((run) => run.slot?.getTime() as number);
      expect(slots).toEqual(slots.map((_, index) => (slots[0] as number) + index * 1_000));
      for (const run of runs) expect(run).toMatchObject({ outcome: 'run', job_id: expect.stringMatching(/^\d+$/) });
      await until(`the jobs of ${name} have run`, () => app.runsOf(name).length === runs.length);
    }
  });

  test('while a job of it is under way, a schedule that must not overlap leaves its slots out', async () => {
    const long = { name: 'long', takesMs: 60_000 };
    await put('alone', { cron: '* * * * * *', overlap: 'skip', payload: long });
    await until('two slots were left out', async () => (await settled('alone')).length >= 3);
    expect((await settled('alone')).slice(0, 3).map((run) => run.outcome)).toEqual(['run', 'overlap', 'overlap']);
    await expect(schedules().run('alone', change)).rejects.toMatchObject({ code: 'still_running' });
    const before = await schedules().get('alone');
    expect(before).toMatchObject({ lastRun: { state: 'running' }, lastSkipped: { reason: 'overlap' } });
    await app.twolane.operations.cancel(before?.lastRun?.jobId ?? '');
    await until(
      'it runs again',
      async () => (await settled('alone')).filter((run) => run.outcome === 'run').length === 2,
    );
    await schedules().pause('alone', change);
    await app.twolane.operations.cancel((await schedules().get('alone'))?.lastRun?.jobId ?? '');
  });

  test('a clock that was set back repeats nothing: slots that were settled stay settled', async () => {
    await put('set-back', { cron: '* * * * * *' });
    await until('it has run', async () => (await settled('set-back')).length > 0);
    await schedules().pause('set-back', change);
    await sql(
      "update twolane.schedules set last_slot = date_trunc('second', now()) + interval '1 hour' where name = 'set-back'",
    );
    const last = (await settled('set-back')).length;
    const { nextRuns } = await schedules().resume('set-back', change);
    expect(Date.parse(nextRuns[0] as string)).toBeGreaterThan(Date.now() + 3_590_000);
    const edited = await put('set-back', { cron: '*/2 * * * * *' });
    expect(Date.parse(edited.schedule.nextRuns[0] as string)).toBeGreaterThan(Date.now() + 3_590_000);
    // Not even a slot that comes up again runs again.
    await sql(
      "update twolane.schedules set next_at = (select max(slot) from twolane.schedule_runs where schedule = 'set-back') where name = 'set-back'",
    );
    await until('it was looked at', async () => {
      const { rows } = await sql("select next_at > now() as past from twolane.schedules where name = 'set-back'");
      return rows[0].past;
    });
    await schedules().pause('set-back', change);
    const slots = (await settled('set-back')).map((run) => run.slot?.getTime());
    expect(new Set(slots).size).toBe(slots.length);
    expect(slots.length).toBeGreaterThanOrEqual(last);
  });

  test("a process whose clock is an hour ahead fires by the database's clock", async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      await put('fast-clock', { cron: '* * * * * *' });
      await until('two have run', async () => (await settled('fast-clock')).length >= 2);
      await schedules().pause('fast-clock', change);
      const { rows } = await sql(
        "select extract(epoch from at - slot)::float8 as late from twolane.schedule_runs where schedule = 'fast-clock'",
      );
      for (const { late } of rows) expect(Math.abs(late)).toBeLessThan(5);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an edit takes effect at once and loses no slot that is due', async () => {
    await put('edited', { cron: '0 0 1 1 *' });
    // Due, and not to be looked at before the edit.
    await sql(
      "update twolane.schedules set next_at = now(), retry_at = now() + interval '1 hour' where name = 'edited'",
    );
    const { created } = await put('edited', { cron: '0 0 2 1 *', payload: { name: 'as edited' } });
    expect(created).toBe(false);
    await until('the due slot has run', async () => (await settled('edited')).length === 1);
    expect((await schedules().get('edited'))?.nextRuns[0]).toMatch(/-01-02T00:00:00\.000Z$/);
  });

  test('a payload that no longer fits holds its slot back, tells why, and runs when it is mended; others go on', async () => {
    await put('broken', { cron: '0 0 1 1 *' });
    await put('sound', { cron: '0 0 1 1 *' });
    await sql(
      'update twolane.schedules set definition = definition || \'{"payload": {"name": 5}}\' where name = \'broken\'',
    );
    await sql("update twolane.schedules set next_at = now() where name in ('broken', 'sound')");
    await until('it has a problem', async () => (await schedules().get('broken'))?.problem);
    expect((await schedules().get('broken'))?.problem).toContain('/name');
    await until('the other has run', async () => (await settled('sound')).length === 1);
    expect(await settled('broken')).toEqual([]);
    await put('broken', { cron: '0 0 1 1 *' });
    await until('it has run', async () => (await settled('broken')).length === 1);
    expect(await schedules().get('broken')).toMatchObject({ problem: null, lastRun: { slot: expect.any(String) } });
  });
});

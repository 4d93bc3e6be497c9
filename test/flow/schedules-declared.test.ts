/** Schedules that code declares: what a start writes, what it leaves to operators, and what happens when the code is gone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineJob, defineSchedule, type ScheduleDefinition } from '../../src/contract/index.ts';
import { declareSchedules } from '../../src/ledger/schedules/declare.ts';
import { type LaneApp, laneCases, payload, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const change = { actor: 'test' };
const { work } = testCatalog('realtime');
const declared = defineSchedule({ name: 'by-code', job: work, payload: { name: 'by code' }, cron: '0 0 1 1 *' });

describe('What code declares', () => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCases[0], { worker: false, overrides: { schedules: [declared] } });
  });
  afterAll(() => app.stop());

  const declare = (changes: Partial<ScheduleDefinition>) =>
    declareSchedules(app.twolane, [{ ...declared, definition: { ...declared.definition, ...changes } }]);
  const get = async () => await app.twolane.schedules.get('by-code');

  test('is there after the start, follows its code, and yields to an operator until both agree again', async () => {
    expect(await get()).toMatchObject({ cron: '0 0 1 1 *', state: 'active', edited: false, updatedBy: 'code' });
    await declare({ cron: '0 0 2 1 *' });
    expect(await get()).toMatchObject({ cron: '0 0 2 1 *', edited: false });

    const edit = { ...declared.definition, cron: '0 0 3 1 *' };
    await app.twolane.schedules.put('by-code', edit, change);
    expect(await get()).toMatchObject({ cron: '0 0 3 1 *', edited: true, updatedBy: 'test' });
    await declare({ cron: '0 0 4 1 *' });
    expect(await get()).toMatchObject({ cron: '0 0 3 1 *', edited: true, declared: { cron: '0 0 4 1 *' } });

    await app.twolane.schedules.put('by-code', { ...edit, cron: '0 0 4 1 *' }, change);
    await declare({ cron: '0 0 5 1 *' });
    expect(await get()).toMatchObject({ cron: '0 0 5 1 *', edited: false });
  });

  test('stays paused through starts when an operator paused it, and can not be deleted while its code runs', async () => {
    await app.twolane.schedules.pause('by-code', change);
    await declare({ cron: '0 0 6 1 *' });
    expect(await get()).toMatchObject({ state: 'paused', cron: '0 0 6 1 *' });
    await app.twolane.schedules.resume('by-code', change);
    await expect(app.twolane.schedules.remove('by-code', change)).rejects.toMatchObject({ code: 'declared_in_code' });
  });

  test('stops when no scheduler declares it any more, and can be deleted then', async () => {
    const orphan = defineSchedule({ name: 'orphan', job: work, payload: { name: 'orphan' }, everyMs: 1_000 });
    await declareSchedules(app.twolane, [orphan]);
    await until('it runs', async () => (await app.twolane.schedules.get('orphan'))?.lastRun);
    await app.twolane.database.query(
      "update twolane.schedules set declared_at = now() - interval '2 minutes' where name = 'orphan'",
    );
    expect(await app.twolane.schedules.get('orphan')).toMatchObject({ state: 'undeclared', nextRuns: [] });
    await app.twolane.schedules.remove('orphan', change);
    expect(await app.twolane.schedules.get('orphan')).toBeUndefined();
  });

  test('waits for a scheduler that knows its job type, as while a release is rolled out', async () => {
    const stranger = defineJob({ type: 'stranger', lane: 'realtime', queue: 'work', payload });
    const common = { payload: { name: 'any' }, everyMs: 1_000 };
    await declareSchedules(app.twolane, [
      defineSchedule({ ...common, name: 'stranger', job: stranger }),
      defineSchedule({ ...common, name: 'witness', job: work }),
    ]);
    await until('the witness has run', async () => (await app.twolane.schedules.get('witness'))?.lastRun);
    const waiting = await app.twolane.schedules.get('stranger');
    expect(waiting).toMatchObject({ lane: null, state: 'active', lastRun: null, lastSkipped: null });
  });
});

/**
 * The clocks of worker and scheduler processes jump an hour ahead and back, and tremble by a second either way, as after steps
 * of the system's clock: libfaketime moves what a process is told, and leaves its monotonic clock alone.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFakeTime } from '../../scripts/stack/needs.ts';
import { defineSchedule } from '../../src/contract/schedule.ts';
import { faultJobOf } from '../support/fault-jobs.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { until } from '../support/stack.ts';

const lanes = ['realtime', 'bulk'] as const;
const hourS = 3_600;

describe('Processes whose clocks jump', { ...long, timeout: 120_000 }, () => {
  const library = findFakeTime();
  let rig: FaultRig;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twolane-clocks-'));
    setClock(0);
    rig = await FaultRig.start({ scheduler: false });
  });
  afterEach(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** At once, and read anew with each look at the clock. */
  function setClock(seconds: number): void {
    writeFileSync(join(folder, 'next'), `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`);
    renameSync(join(folder, 'next'), join(folder, 'clock'));
  }

  const environment = () => ({
    LD_PRELOAD: library as string,
    FAKETIME_TIMESTAMP_FILE: join(folder, 'clock'),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  });

  const count = async (sql: string) =>
    (await rig.app.twolane.database.query<{ n: number }>(`select count(*)::int as n from ${sql}`)).rows[0]?.n;

  /** Jobs that are due later, jobs that run across the jump, and their proof: what the process takes for the time. */
  async function jump(seconds: number): Promise<void> {
    const name = `jump ${seconds}`;
    for (const lane of lanes) {
      await rig.enqueue(lane, 3, { takesMs: 1_500, timeoutMs: 20_000, name: `across, ${name}` });
      await rig.enqueue(lane, 5, { delayMs: 800, name: `delayed, ${name}` });
    }
    await until(
      'some run',
      () => rig.starts().filter((start) => start.name.startsWith(`across, ${name}`)).length === 6,
    );
    setClock(seconds);
    const delayed = () => rig.starts().filter((start) => start.name.startsWith(`delayed, ${name}`));
    await until('the delayed ones have run', () => delayed().length === 10, { timeoutMs: 10_000 });
    for (const { at } of delayed()) expect(Math.abs(at - Date.now() - seconds * 1_000)).toBeLessThan(20_000);
  }

  test('lose no job, keep their sessions, and run nothing early; a schedule has each slot once', async ({ skip }) => {
    if (!library) skip('libfaketime is not installed');
    await Promise.all([rig.scheduler(environment()), rig.worker(20, environment())]);
    const job = faultJobOf('realtime');
    const every = { name: 'tick', job, payload: { name: 'tick' }, cron: '* * * * * *', missed: 'run-all' } as const;
    await rig.app.twolane.schedules.put('tick', defineSchedule(every).definition, { actor: 'test' });
    for (const seconds of [hourS, -hourS, 0]) await jump(seconds);
    for (let n = 0; n < 10; n += 1) {
      setClock(n % 2 === 0 ? 1 : -1);
      for (const lane of lanes) await rig.enqueue(lane, 2, { name: 'trembling', delayMs: 50 });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await rig.app.twolane.schedules.pause('tick', { actor: 'test' });
    await rig.quiet();
    const { rows } = await rig.app.twolane.database.query<{ id: string; slot: Date }>(
      `select job_id as id, slot from twolane.schedule_runs where schedule = 'tick' order by slot`,
    );
    for (const { id } of rows) rig.accepted.add(id);
    expect(rows.length).toBeGreaterThan(5);
    const steps = rows.slice(1).map(({ slot }, n) => slot.getTime() - (rows[n]?.slot.getTime() ?? 0));
    expect(new Set(steps)).toEqual(new Set([1_000]));
    expect(await count(`twolane.schedule_runs where at < slot`)).toBe(0);
    expect(await count('twolane.done d join twolane.jobs j using (id) where d.started_at < j.run_at')).toBe(0);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, redelivered: 0 });
  });
});

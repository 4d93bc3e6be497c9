/**
 * Scheduler processes are frozen and killed in turn: somebody else dispatches in time, and nothing is released or run twice.
 * Transactions may commit in any order.
 */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultJobOf } from '../support/fault-jobs.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { until } from '../support/stack.ts';

const leaseMs = 3_000;
const lanes = ['realtime', 'bulk'] as const;

describe('A dispatcher', { timeout: 120_000 }, () => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start({ scheduler: false, settings: { TWOLANE_LEASE_MS: String(leaseMs) } });
  });
  afterEach(() => rig.stop());

  const ran = (name: string) => rig.starts().filter((start) => start.name.startsWith(name)).length;
  /** Delayed jobs start only if somebody wakes and dispatches them. */
  const delayed = async (name: string) => {
    for (const lane of lanes) await rig.enqueue(lane, 5, { delayMs: 100, name });
  };

  test('that is frozen loses its queues to another one, and is not heard when it moves again', long, async () => {
    const frozen = await rig.scheduler();
    await rig.worker();
    await delayed('before');
    await until('it dispatches', () => ran('before') === 10);
    const other = await rig.scheduler();
    frozen.kill('SIGSTOP');
    const frozenAt = Date.now();
    await delayed('meanwhile');
    await until('the other dispatches', () => ran('meanwhile') === 10, { timeoutMs: 30_000 });
    expect(Date.now() - frozenAt).toBeGreaterThan(leaseMs / 2);
    expect(Date.now() - frozenAt).toBeLessThan(leaseMs + 5_000);
    frozen.kill('SIGCONT');
    await delayed('after');
    await until('work goes on', () => ran('after') === 10);
    // The one that was frozen is of use again.
    const gone = once(other, 'exit');
    other.kill('SIGKILL');
    expect((await gone)[1]).toBe('SIGKILL');
    await delayed('at last');
    await until('it dispatches again', () => ran('at last') === 10);
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 40, redelivered: 0 });
  });

  test('finds jobs whose transaction commits after younger ones were released', async () => {
    const { database, enqueueIn } = rig.app.twolane;
    await Promise.all([rig.scheduler(), rig.worker()]);
    const late = await database.transaction(async (tx) => {
      const older = await enqueueIn(
        tx,
        lanes.map((lane) => ({ job: faultJobOf(lane), payload: { name: 'late' } })),
      );
      for (const lane of lanes) await rig.enqueue(lane, 3, { name: 'younger', takesMs: 5_000 });
      await until('the younger ones run', () => ran('younger') === 6);
      return older;
    });
    for (const { id } of late) rig.accepted.add(id);
    await until('the older ones run beside them', () => ran('late') === 2, { timeoutMs: 3_000 });
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 8, redelivered: 0 });
  });

  test('is killed again and again under load: no job waits for long, none is doubled', long, async () => {
    await rig.worker();
    const schedulers = [await rig.scheduler(), await rig.scheduler()];
    const loads = lanes.map((lane) => rig.load(lane, 60));
    for (let n = 0; n < 6; n += 1) {
      const victim = schedulers.shift();
      victim?.kill('SIGKILL');
      await until('it is gone', () => victim?.signalCode === 'SIGKILL');
      await delayed(`round ${n}`);
      const killedAt = Date.now();
      await until('the other one dispatches', () => ran(`round ${n}`) === 10);
      expect(Date.now() - killedAt).toBeLessThan(5_000);
      schedulers.push(await rig.scheduler());
    }
    for (const load of loads) await load.stop();
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject(nothingLost);
  });
});

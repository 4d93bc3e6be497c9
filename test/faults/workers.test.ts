/** Worker processes are killed and frozen in the middle of a job: it runs elsewhere in time, and its effect happens once. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long, longUnless } from '../support/long.ts';
import { until } from '../support/stack.ts';

const lanes = [
  { lane: 'realtime', killedWithinMs: 1_000 },
  { lane: 'bulk', killedWithinMs: 10_000 },
] as const;
const leaseMs = 4_000;
/** A machine that runs the tests of everything else beside it may take this much longer. */
const slackMs = 1_500;

describe.each(lanes)('A worker of the $lane lane', { timeout: 90_000 }, ({ lane, killedWithinMs }) => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start({ settings: { TWOLANE_LEASE_MS: String(leaseMs) } });
  });
  afterEach(() => rig.stop());

  test('that is killed in mid-job loses its jobs to another one at once', async () => {
    const victim = await rig.worker(5);
    await rig.enqueue(lane, 5, { takesMs: 60_000, name: 'in hand', files: true });
    await until('it has five in hand', () => rig.starts().length === 5);
    const other = await rig.worker(10);
    await rig.enqueue(lane, 200, { takesMs: 2 });
    const gone = once(victim, 'exit');
    const killedAt = Date.now();
    victim.kill('SIGKILL');
    expect((await gone)[1]).toBe('SIGKILL');
    await rig.quiet();
    const verdict = await rig.verdict();
    expect(verdict).toMatchObject({ ...nothingLost, accepted: 205, redelivered: 5 });
    const again = rig.starts().filter((start) => start.name.startsWith('in hand') && start.pid === other.pid);
    expect(again).toHaveLength(5);
    expect(Math.max(...again.map((start) => start.at)) - killedAt).toBeLessThan(killedWithinMs + slackMs);
    // A crash is no attempt.
    expect(again.map((start) => start.attempt)).toEqual([1, 1, 1, 1, 1]);
  });

  test(
    'that is frozen loses its jobs within one and a half leases, and what it does afterwards has no effect',
    longUnless(lane === 'bulk'),
    async () => {
      const victim = await rig.worker(5);
      const inHand = await rig.enqueue(lane, 5, { takesMs: 2_000, name: 'in hand', files: true });
      await until('it has five in hand', () => rig.starts().length === 5);
      const frozenAt = Date.now();
      victim.kill('SIGSTOP');
      const other = await rig.worker(10);
      await rig.enqueue(lane, 50);
      await until(
        'the other has run them all',
        () =>
          new Set(
            rig
              .starts()
              .filter((s) => s.pid === other.pid)
              .map((s) => s.id),
          ).size >= 55,
        {
          timeoutMs: 30_000,
        },
      );
      const again = rig.starts().filter((start) => inHand.includes(start.id) && start.pid === other.pid);
      expect(Math.max(...again.map((start) => start.at)) - frozenAt).toBeLessThan(1.5 * leaseMs + slackMs);
      await rig.quiet();
      victim.kill('SIGCONT');
      await until('the frozen one works again', async () => {
        const workers = await rig.app.twolane.operations.workers();
        return workers.some((worker) => worker.pid === victim.pid);
      });
      await rig.enqueue(lane, 20);
      await rig.quiet();
      const verdict = await rig.verdict();
      expect(verdict).toMatchObject({ ...nothingLost, accepted: 75 });
      expect(verdict.redelivered).toBeGreaterThanOrEqual(5);
    },
  );

  test(
    'that gets SIGTERM under load finishes what it has begun, hands the rest over, and exits with 0',
    longUnless(lane === 'realtime'),
    async () => {
      const leaving = await rig.worker(10);
      const load = rig.load(lane, 150, 20);
      await until('work flows', () => rig.starts().length > 200);
      const staying = await rig.worker(10);
      await until('both work', () => rig.starts().some((start) => start.pid === staying.pid));
      const gone = once(leaving, 'exit');
      leaving.kill('SIGTERM');
      expect(await gone).toEqual([0, null]);
      await load.stop();
      await rig.quiet();
      expect(await rig.verdict()).toMatchObject({ ...nothingLost, redelivered: 0 });
      expect(new Set(rig.starts().map((start) => start.attempt))).toEqual(new Set([1]));
    },
  );

  test('that is ended three times by one job: the job is dead, and its neighbours lose nothing', long, async () => {
    const [poison] = await rig.enqueue(lane, 1, { kills: true, name: 'poison' });
    await rig.enqueue(lane, 5, { takesMs: 400, name: 'neighbour' });
    for (let crash = 1; crash <= 3; crash += 1) {
      const worker = await rig.worker(5);
      await until(`crash ${crash} happened`, () => worker.signalCode === 'SIGKILL', { timeoutMs: 30_000 });
    }
    const dead = await until('the poison is dead', async () => {
      const job = await rig.app.twolane.operations.get(poison ?? '');
      return job?.state === 'dead' ? job : undefined;
    });
    expect(dead).toMatchObject({ reason: 'crashed its worker three times' });
    expect(dead.attempts.map((attempt) => attempt.outcome)).toEqual(['crashed', 'crashed', 'crashed']);
    await rig.worker(5);
    await rig.quiet();
    rig.accepted.delete(poison ?? '');
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 5 });
  });
});

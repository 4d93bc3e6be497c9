/** Worker processes are killed and frozen in the middle of a job: it runs elsewhere in time, and its effect happens once. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LaneName } from '../../src/contract/index.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long, longUnless } from '../support/long.ts';
import { until } from '../support/stack.ts';

const lanes = [
  { lane: 'realtime', killedWithinMs: 1_000 },
  { lane: 'bulk', killedWithinMs: 10_000 },
] as const;
const frozenWithinMs = 15_000;
/** A machine that runs the tests of everything else beside it may take this much longer. */
const slackMs = 1_500;

describe.each(lanes)('A worker of the $lane lane', { timeout: 90_000 }, ({ lane, killedWithinMs }) => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start();
  });
  afterEach(() => rig.stop());

  test('that is killed: its jobs run elsewhere within 1 s (real-time) or 10 s (bulk)', async ({ task }) => {
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
    const tookMs = Math.max(...again.map((start) => start.at)) - killedAt;
    task.meta.tookMs = { [lane]: tookMs };
    expect(tookMs).toBeLessThan(killedWithinMs + slackMs);
    // A crash is no attempt.
    expect(again.map((start) => start.attempt)).toEqual([1, 1, 1, 1, 1]);
  });

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

// Nobody dispatches here, so nobody but the broker itself can give them to others.
describe.each(lanes)('A worker of the $lane lane without a dispatcher', { timeout: 90_000 }, ({ lane }) => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start({ scheduler: false });
  });
  afterEach(() => rig.stop());

  test(
    'that is killed before it could claim what it was given: the broker gives it to others',
    longUnless(lane === 'realtime'),
    async () => {
      const { DATABASE_URL } = rig.app.environment as { DATABASE_URL: string };
      const network = await FaultProxy.before(DATABASE_URL);
      const victim = await rig.worker(5, { DATABASE_URL: network.through(DATABASE_URL) });
      await rig.enqueue(lane, 1, { name: 'first' });
      await rig.quiet();
      network.swallow('toServer', 'toClient');
      await rig.enqueue(lane, 5, { name: 'unclaimed' });
      let empty = 0;
      await until('it was given them and asks in vain', async () => {
        const depth = await rig.app.twolane.lanes.get(lane)?.inspect('faults');
        empty = depth?.ready === 0 ? empty + 1 : 0;
        return empty > 10 && network.lost > 0;
      });
      victim.kill('SIGKILL');
      await until('it is gone', () => victim.signalCode === 'SIGKILL');
      await rig.worker(10);
      await rig.quiet(30_000);
      await network.stop();
      expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 6, redelivered: 0 });
    },
  );
});

describe('A worker of both lanes', { timeout: 120_000 }, () => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start();
  });
  afterEach(() => rig.stop());

  test('that is frozen: its jobs run elsewhere within 15 s, and what it does afterwards has no effect', async ({
    task,
  }) => {
    const victim = await rig.worker(10);
    const inHand = new Map<LaneName, string[]>();
    for (const { lane } of lanes)
      inHand.set(lane, await rig.enqueue(lane, 5, { takesMs: 2_000, name: 'in hand', files: true }));
    await until('it has ten in hand', () => rig.starts().length === 10);
    const frozenAt = Date.now();
    victim.kill('SIGSTOP');
    const other = await rig.worker(20);
    for (const { lane } of lanes) await rig.enqueue(lane, 50);
    const byOther = () => rig.starts().filter(({ pid }) => pid === other.pid);
    await until('the other has run them all', () => new Set(byOther().map(({ id }) => id)).size >= 110, {
      timeoutMs: 60_000,
    });
    for (const [lane, ids] of inHand) {
      const tookMs = Math.max(...byOther().flatMap(({ id, at }) => (ids.includes(id) ? [at] : []))) - frozenAt;
      task.meta.tookMs = { ...task.meta.tookMs, [lane]: tookMs };
      expect(tookMs).toBeLessThan(frozenWithinMs + slackMs);
    }
    await rig.quiet();
    victim.kill('SIGCONT');
    await until('the frozen one works again', async () => {
      const workers = await rig.app.twolane.operations.workers();
      return workers.some((worker) => worker.pid === victim.pid);
    });
    for (const { lane } of lanes) await rig.enqueue(lane, 20);
    await rig.quiet();
    const verdict = await rig.verdict();
    expect(verdict).toMatchObject({ ...nothingLost, accepted: 150 });
    expect(verdict.redelivered).toBeGreaterThanOrEqual(10);
  });
});

/** A redrive whose worker is killed goes on where it was, and no job of it runs twice. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { until } from '../support/stack.ts';

let rig: FaultRig;
beforeEach(async () => {
  rig = await FaultRig.start();
});
afterEach(() => rig.stop());

test('a redrive in stages survives the end of every worker that makes it', { timeout: 60_000 }, async () => {
  const { operations, massOperations } = rig.app.twolane;
  const workers = [await rig.worker(20), await rig.worker(20)];
  const jobs = await rig.enqueue('realtime', 1_200, { name: 'redriven', dies: true });
  await until('all are dead', async () => (await operations.deadGroups({}, {})).items[0]?.count === jobs.length);
  const request = { action: 'redrive', filter: { type: 'fault-realtime' }, stages: [1, '10%', 'all'] } as const;
  const { id } = await massOperations.start(request, 'tester');
  const operation = async () => await massOperations.get(id);
  /** The worker that has the job of the operation in hand, once so many jobs were moved. */
  const makerAfter = (moved: number) =>
    until(
      `${moved} are moved`,
      async () => {
        if (((await operation())?.moved ?? 0) < moved) return undefined;
        const { items } = await operations.list({ type: 'run-operation', state: 'running' }, {});
        return workers.find(({ pid, signalCode }) => !signalCode && items[0]?.worker?.endsWith(`:${pid}`));
      },
      { everyMs: 5 },
    );
  for (const moved of [1, 121]) {
    const maker = await makerAfter(moved);
    const gone = once(maker, 'exit');
    maker.kill('SIGKILL');
    await gone;
    workers.push(await rig.worker(20));
  }
  const done = await until(
    'it is over',
    async () => {
      const now = await operation();
      return now?.status === 'running' || now?.status === 'waiting' ? undefined : now;
    },
    { timeoutMs: 30_000 },
  );
  expect(done).toMatchObject({ status: 'done', matched: jobs.length, moved: jobs.length });
  expect(done.stages.map((stage) => stage.moved)).toEqual([1, 120, 1_079]);
  await rig.quiet();
  // One effect each; more starts than two only where a worker was killed with the job in hand.
  const verdict = await rig.verdict();
  expect(verdict).toMatchObject({ ...nothingLost, accepted: jobs.length });
  expect(verdict.redelivered).toBeGreaterThanOrEqual(jobs.length);
  expect(verdict.redelivered).toBeLessThanOrEqual(jobs.length + 2 * 20);
});

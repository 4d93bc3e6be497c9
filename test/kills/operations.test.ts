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

test('a redrive in stages survives the end of the worker that makes it', { timeout: 60_000 }, async () => {
  const { operations, massOperations } = rig.app.twolane;
  const workers = await Promise.all([rig.worker(20), rig.worker(20)]);
  const jobs = await rig.enqueue('realtime', 400, { name: 'redriven', dies: true });
  await until('all are dead', async () => (await operations.deadGroups({}, {})).items[0]?.count === jobs.length);
  // So that the second stage can't begin before the worker is gone.
  await operations.pause('realtime/faults');
  const request = { action: 'redrive', filter: { type: 'fault-realtime' }, stages: [150, 'all'] } as const;
  const { id } = await massOperations.start(request, 'tester');
  const maker = await until('the first stage is moved and its end waited for', async () => {
    if ((await massOperations.get(id))?.moved !== 150) return undefined;
    const { items } = await operations.list({ type: 'run-operation', state: 'running' }, {});
    return workers.find(({ pid }) => items[0]?.worker?.endsWith(`:${pid}`));
  });
  const gone = once(maker, 'exit');
  maker.kill('SIGKILL');
  await gone;
  await operations.resume('realtime/faults');
  const done = await until('it is over', async () => {
    const now = await massOperations.get(id);
    return now?.status === 'running' || now?.status === 'waiting' ? undefined : now;
  });
  expect(done).toMatchObject({ status: 'done', matched: jobs.length, moved: jobs.length });
  expect(done.stages.map((stage) => stage.moved)).toEqual([150, 250]);
  await rig.quiet();
  // One death and one start that had its effect, for each.
  expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 400, redelivered: 400 });
  const { items } = await operations.list({ type: 'run-operation' }, {});
  const attempts = await Promise.all(items.map(async (job) => (await operations.get(job.id))?.attempts ?? []));
  expect(attempts.flat().map(({ outcome }) => outcome)).toContain('crashed');
});

/** One change to many jobs, on every lane: dry runs, redrives in stages that stop by themselves, aborts, and discards that are undone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runOperation } from '../../jobs/bulk/run-operation.handler.ts';
import { runOperationJob } from '../../jobs/bulk/run-operation.job.ts';
import type { PlatformServices } from '../../jobs/services.ts';
import {
  ConflictError,
  defineJob,
  type Operation,
  type OperationRequest,
  type OperationRunner,
  type OperationStatus,
} from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ batch: z.string(), n: z.number() });

describe.each(laneCases)('On the $name lane', (laneCase) => {
  const work = defineJob({ type: 'work', lane: laneCase.lane, queue: 'work', payload, maxAttempts: 1 });
  const catalog = { work, [runOperationJob.type]: runOperationJob };
  /** What becomes of a job: by batch, a function of its number. */
  const broken = new Map<string, (n: number) => string | undefined>();
  let runner: OperationRunner;
  let app: LaneApp;
  let operator: ReturnType<LaneApp['twolane']['worker']>;
  beforeAll(async () => {
    const handler = async ({ batch, n }: z.output<typeof payload>) => {
      const error = broken.get(batch)?.(n);
      if (error) throw new Error(error);
    };
    const handlers = ({ operations }: PlatformServices) => {
      runner = operations;
      return { work: handler, 'run-operation': runOperation(operations) };
    };
    app = await startLaneApp(laneCase, { settings: { TWOLANE_UNDO_MS: '60000' }, overrides: { catalog, handlers } });
    operator = app.twolane.worker({ queues: ['operations'] });
    await operator.start();
  });
  afterAll(async () => {
    await operator.stop();
    await app.stop();
  });

  /** Makes a batch of dead jobs and answers the filter that finds them. */
  async function deadBatch(batch: string, count: number): Promise<{ payload: { batch: string } }> {
    broken.set(batch, () => `The ${batch} is broken`);
    const items = Array.from({ length: count }, (_, n) => ({ job: work, payload: { batch, n } }));
    const jobs = await app.twolane.enqueueMany(items);
    await app.reaches(jobs.at(-1)?.id ?? '', 'dead');
    await until(`all ${count} are dead`, async () => (await ofState(batch, 'dead')) === count);
    return { payload: { batch } };
  }
  const ofState = async (batch: string, state: 'dead' | 'succeeded' | 'cancelled') =>
    (await app.twolane.operations.list({ payload: { batch }, state }, { limit: 500 })).items.length;
  async function reaches(id: string, ...statuses: OperationStatus[]): Promise<Operation> {
    return until(`operation ${id} is ${statuses.join(' or ')}`, async () => {
      const operation = await app.twolane.massOperations.get(id);
      return operation && statuses.includes(operation.status) ? operation : undefined;
    });
  }
  const start = (request: OperationRequest) => app.twolane.massOperations.start(request, 'tester');

  test('a dry run counts and shows what fits, and changes nothing', async () => {
    const filter = await deadBatch('dry', 8);
    const preview = await app.twolane.massOperations.preview({ action: 'redrive', filter });
    expect(preview).toMatchObject({ matched: 8, capped: false });
    expect(preview.samples.map(({ state }) => state)).toEqual(Array(5).fill('dead'));
    expect(await ofState('dry', 'dead')).toBe(8);
    for (const wrong of [{}, { state: 'running' as const }])
      await expect(start({ action: 'redrive', filter: wrong })).rejects.toMatchObject({ code: 'invalid_operation' });
  });

  test('a redrive goes through its stages when the jobs succeed', async () => {
    const filter = await deadBatch('mended', 30);
    broken.delete('mended');
    const { id } = await start({ action: 'redrive', filter });
    const done = await reaches(id, 'done', 'stopped');
    expect(done).toMatchObject({ status: 'done', matched: 30, moved: 30, actor: 'tester' });
    expect(done.stages.map(({ moved, succeeded }) => [moved, succeeded])).toEqual([
      [1, 1],
      [10, 10],
      [3, 3],
      [16, 16],
    ]);
    expect(await ofState('mended', 'succeeded')).toBe(30);
  });

  test('a redrive stops by itself when failures come back, in the first stage or in a later one', async () => {
    const still = await deadBatch('still broken', 12);
    const partly = await deadBatch('partly mended', 30);
    broken.set('partly mended', (n) => (n === 0 ? undefined : n % 2 ? 'The partly mended is broken' : 'Broken anew'));
    const [first, later] = await Promise.all([still, partly].map((filter) => start({ action: 'redrive', filter })));
    const stopped = await reaches(first?.id ?? '', 'done', 'stopped');
    expect(stopped).toMatchObject({ status: 'stopped', moved: 1, stage: 0 });
    expect(stopped.reason).toBe('dead again: 1 of 1, 1 with the same error; the limit is 10 %');
    const [stage] = (await reaches(later?.id ?? '', 'done', 'stopped')).stages.slice(1);
    expect(stage).toMatchObject({ moved: 10 });
    expect(stage?.dead).toBeGreaterThan(1);
    expect(stage?.sameError).toBeLessThan(stage?.dead ?? 0);
    await until('what was moved has ended', async () => (await ofState('partly mended', 'dead')) === 29);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
  });

  test('an aborted redrive moves no further job', async () => {
    const filter = await deadBatch('aborted', 5);
    await app.twolane.operations.pause(`${laneCase.lane}/work`);
    const { id } = await start({ action: 'redrive', filter, stages: [2, 'all'] });
    expect(await reaches(id, 'waiting')).toMatchObject({ moved: 2 });
    expect(await app.twolane.massOperations.abort(id, 'tester')).toMatchObject({ reason: 'aborted by tester' });
    await app.twolane.operations.resume(`${laneCase.lane}/work`);
    await until('the two have ended', async () => (await ofState('aborted', 'dead')) === 5);
    expect(await app.twolane.massOperations.get(id)).toMatchObject({ status: 'aborted', moved: 2 });
    await expect(app.twolane.massOperations.abort(id, 'tester')).rejects.toThrow(ConflictError);
    await expect(app.twolane.massOperations.undo(id, 'tester')).rejects.toThrow(ConflictError);
  });

  test('what an operation discarded can be brought back', async () => {
    const filter = await deadBatch('discarded', 20);
    const { id } = await start({ action: 'discard', filter });
    const done = await reaches(id, 'done');
    expect(done).toMatchObject({ moved: 20, undoableUntil: expect.any(String) });
    expect([await ofState('discarded', 'dead'), await ofState('discarded', 'cancelled')]).toEqual([0, 20]);
    await app.twolane.massOperations.undo(id, 'tester');
    expect(await reaches(id, 'undone')).toMatchObject({ undone: 20 });
    expect([await ofState('discarded', 'dead'), await ofState('discarded', 'cancelled')]).toEqual([20, 0]);
  });

  test('what it discarded for good can not', async () => {
    const filter = await deadBatch('for good', 20);
    const { id } = await start({ action: 'discard', filter, forGood: true });
    expect(await reaches(id, 'done')).toMatchObject({ moved: 20, forGood: true, undoableUntil: null });
    expect([await ofState('for good', 'dead'), await ofState('for good', 'cancelled')]).toEqual([0, 20]);
    await expect(app.twolane.massOperations.undo(id, 'tester')).rejects.toThrow(ConflictError);
    await expect(start({ action: 'redrive', filter, forGood: true })).rejects.toThrow('Only a discard is for good');
  });

  test('jobs that have not ended are cancelled by filter, those enqueued later are not', async () => {
    const item = { job: work, payload: { batch: 'cancelled', n: 0 }, options: { delayMs: 3_600_000, tenant: 'ann' } };
    await app.twolane.enqueueMany(Array(1_200).fill(item));
    const { id } = await start({ action: 'cancel', filter: { tenant: 'ann', state: 'scheduled' } });
    const later = await app.twolane.enqueue(item.job, item.payload, item.options);
    expect(await reaches(id, 'done')).toMatchObject({ moved: 1_200 });
    expect((await app.twolane.operations.get(later.id))?.state).toBe('scheduled');
  });

  test('any number of processes may take steps of one operation, and none is taken twice', async () => {
    const filter = await deadBatch('shared', 40);
    broken.delete('shared');
    await operator.stop();
    const { id } = await start({ action: 'redrive', filter, stages: [5, 5, 'all'] });
    const walk = async () => {
      while (!(await runner.step(id)).over);
    };
    await Promise.all(Array.from({ length: 6 }, walk));
    operator = app.twolane.worker({ queues: ['operations'] });
    await operator.start();
    const { items } = await app.twolane.massOperations.list({ limit: 1 });
    expect(items).toMatchObject([{ id, status: 'done', moved: 40 }]);
    expect(items[0]?.stages.map(({ moved }) => moved)).toEqual([5, 5, 30]);
    expect(await ofState('shared', 'succeeded')).toBe(40);
  });
});

/** Flows, on every lane and across lanes: children, chains and chords, what they read of each other, and the rules for failures. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type ChildJob,
  chain,
  chord,
  defineJob,
  type EnqueuedFlow,
  type FlowJobOptions,
  type JobContext,
  job,
  NonRetryableError,
  parallel,
  resultsOf,
} from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type LaneCase, laneCases, reaches } from '../support/lanes.ts';

const payload = z.object({ name: z.string(), fails: z.boolean().optional() });
const result = z.object({ name: z.string(), saw: z.array(z.string()) });

/** `step` on the lane under test, `merge` on the other one. */
function catalogOf(lane: LaneCase['lane']) {
  const other = lane === 'bulk' ? 'realtime' : 'bulk';
  return {
    step: defineJob({ type: 'step', lane, queue: 'steps', payload, result }),
    merge: defineJob({ type: 'merge', lane: other, queue: 'merges', payload, result }),
  };
}

describe.each(laneCases)('Flows on the $name lane', ({ lane, memory }) => {
  const jobs = catalogOf(lane);
  const seen = new Map<string, { children: ChildJob[]; all: ChildJob[] }>();
  let app: TestApp;
  beforeAll(async () => {
    const handler = async (given: z.output<typeof payload>, context: JobContext<z.input<typeof result>>) => {
      const children = await context.children();
      seen.set(given.name, { children, all: await context.children({ all: true }) });
      if (given.fails) throw new NonRetryableError(`${given.name} can not work`);
      const named = [...resultsOf(children, jobs.step), ...resultsOf(children, jobs.merge)];
      return { name: given.name, saw: named.map((child) => child.name) };
    };
    const lanes = memory ? { realtime: memoryLane({ name: 'realtime' }), bulk: memoryLane({ name: 'bulk' }) } : {};
    const handlers = () => ({ step: handler, merge: handler });
    // A discard can't be undone here, so those that wait are told at once.
    const settings = { TWOLANE_UNDO_MS: '0' };
    app = await startTestApp({
      http: false,
      settings,
      overrides: { catalog: jobs, handlers, product: undefined, lanes },
    });
  });
  afterAll(() => app.stop());

  const step = (name: string, options?: FlowJobOptions) => job(jobs.step, { name }, options);
  const failing = (name: string, options?: FlowJobOptions) => job(jobs.step, { name, fails: true }, options);
  const ends = (flow: EnqueuedFlow, ...states: Parameters<typeof reaches>[2]) => reaches(app.twolane, flow.id, states);
  const stateOf = async (id: string | undefined) => (await app.twolane.operations.get(id ?? ''))?.state;
  const idOf = (flow: EnqueuedFlow, index: number) => flow.jobs.at(index)?.id ?? '';

  test('a parent starts after its children on both lanes and reads their results in their order', async () => {
    const flow = await app.twolane.enqueueFlow(
      job(jobs.merge, { name: 'parent' }, {}, [step('one'), job(jobs.merge, { name: 'two' }), step('three')]),
    );
    expect(flow.jobs.map(({ type, lane: on, state }) => [type, on, state])).toEqual([
      ['step', lane, 'queued'],
      ['merge', jobs.merge.lane, 'queued'],
      ['step', lane, 'queued'],
      ['merge', jobs.merge.lane, 'blocked'],
    ]);
    const parent = await ends(flow, 'succeeded');
    expect(parent).toMatchObject({ flowId: flow.id, waitsFor: flow.jobs.slice(0, 3).map(({ id }) => id) });
    expect(seen.get('parent')?.children.map(({ type, state }) => [type, state])).toEqual([
      ['step', 'succeeded'],
      ['merge', 'succeeded'],
      ['step', 'succeeded'],
    ]);
    expect(parent.result).toEqual({ name: 'parent', saw: ['one', 'three', 'two'] });
  });

  test('a chain runs step by step, and a later step reads every earlier result', async () => {
    const flow = await app.twolane.enqueueFlow(chain(step('a'), job(jobs.merge, { name: 'b' }), step('c'), step('d')));
    await ends(flow, 'succeeded');
    expect(seen.get('d')?.children.map((child) => child.result)).toEqual([{ name: 'c', saw: ['b'] }]);
    expect(seen.get('d')?.all.map((child) => (child.result as { name: string }).name)).toEqual(['a', 'b', 'c']);
    expect(seen.get('a')?.all).toEqual([]);
  });

  test('a chord of 100 in parallel ends in one job that has all results, nested in a chain that fans out again', async () => {
    const group = Array.from({ length: 100 }, (_, n) => step(`part ${n}`));
    const flow = await app.twolane.enqueueFlow(
      chain(
        step('first'),
        chord(group, job(jobs.merge, { name: 'sum' })),
        parallel(step('x'), step('y')),
        step('last'),
      ),
    );
    const last = await ends(flow, 'succeeded');
    expect(last.result).toMatchObject({ saw: ['x', 'y'] });
    expect(seen.get('sum')?.children.map((child) => (child.result as { name: string }).name)).toEqual(
      group.map((_, n) => `part ${n}`),
    );
    const view = await app.twolane.operations.flow(idOf(flow, 0));
    expect(view).toMatchObject({ id: flow.id, counts: { succeeded: 105 } });
    expect(view?.jobs.at(-1)?.waitsFor).toEqual(flow.jobs.slice(-3, -1).map(({ id }) => id));
  });

  test('block: a dead child keeps its parent blocked, saying why, until it is retried or discarded', async () => {
    const [mended, given] = await Promise.all([
      app.twolane.enqueueFlow(chain(failing('mended later'), step('after it'))),
      app.twolane.enqueueFlow(chain(failing('given up'), step('never'), step('never either'))),
    ]);
    for (const flow of [mended, given]) await reaches(app.twolane, idOf(flow, 0), ['dead']);
    expect(await app.twolane.operations.get(mended.id)).toMatchObject({
      state: 'blocked',
      reason: `waits for job ${idOf(mended, 0)}, which is dead: retry it or discard it`,
    });
    await app.twolane.operations.retry(idOf(mended, 0), { payload: { name: 'mended' } });
    await ends(mended, 'succeeded');
    await app.twolane.operations.discard(idOf(given, 0));
    expect(await ends(given, 'cancelled')).toMatchObject({ reason: 'a job it waits for was cancelled' });
  });

  test('cancel: a dead child cancels its parent, with all that has not started for it', async () => {
    const options = { onChildFailure: 'cancel' } as const;
    const flow = await app.twolane.enqueueFlow(
      chord(
        [failing('breaks'), step('in an hour', { delayMs: 3_600_000 })],
        job(jobs.merge, { name: 'never' }, options),
      ),
    );
    expect(await ends(flow, 'cancelled')).toMatchObject({ reason: 'a job it waits for is dead' });
    expect(await app.twolane.operations.get(idOf(flow, 1))).toMatchObject({
      state: 'cancelled',
      reason: 'the job that waits for it was cancelled',
    });
    expect(await stateOf(idOf(flow, 0))).toBe('dead');
  });

  test('continue: the parent runs once all have ended, and sees which child failed and why', async () => {
    const flow = await app.twolane.enqueueFlow(
      job(jobs.merge, { name: 'tolerant' }, { onChildFailure: 'continue' }, [step('good'), failing('bad')]),
    );
    expect((await ends(flow, 'succeeded')).result).toEqual({ name: 'tolerant', saw: ['good'] });
    expect(seen.get('tolerant')?.children.at(1)).toMatchObject({
      state: 'dead',
      error: { message: 'bad can not work' },
    });
  });

  test('cancelling a parent cancels its children that have not started, unless that was declined', async () => {
    const late = () => step('in an hour', { delayMs: 3_600_000 });
    const [owned, free] = await Promise.all([
      app.twolane.enqueueFlow(chain(late(), step('between'), step('owner'))),
      app.twolane.enqueueFlow(chain(late(), step('not an owner', { cancelChildren: false }))),
    ]);
    for (const flow of [owned, free]) expect(await app.twolane.operations.cancel(flow.id)).toBe('cancelled');
    expect(await Promise.all(owned.jobs.map(({ id }) => stateOf(id)))).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await stateOf(idOf(free, 0))).toBe('scheduled');
  });

  test('a flow is written as a whole or not at all, in a transaction too, and once for one idempotency key', async () => {
    const { twolane } = app;
    const before = await twolane.operations.conservation();
    const wrong = job(jobs.step, { name: 7 } as unknown as { name: string });
    const refusal = await twolane
      .enqueueFlow(chain(step('fits'), chord([step('fits'), wrong], step('end'))))
      .catch((e) => e);
    expect(refusal.fields).toMatchObject([{ pointer: '/chain/1/chord/1/payload/name' }]);
    const rolledBack = twolane.transaction(async (tx) => {
      await twolane.enqueueFlow(chain(step('rolled back'), step('too')), { tx });
      throw new Error('The request failed');
    });
    await expect(rolledBack).rejects.toThrow('The request failed');
    expect((await twolane.operations.conservation()).appended).toBe(before.appended);
    const same = await Promise.all(
      [1, 2, 3].map(() => twolane.enqueueFlow(chain(step('once'), step('end')), { idempotencyKey: 'once' })),
    );
    expect(new Set(same.map((flow) => flow.id)).size).toBe(1);
    expect(same.filter((flow) => flow.deduplicated)).toHaveLength(2);
    const [first] = same;
    if (first) await ends(first, 'succeeded');
    expect((await twolane.operations.conservation()).unaccounted).toBe(0);
  });
});

/** Waiting for children, on every lane: a job enqueues jobs while it runs, waits for them without a slot, and carries on with their results. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chain, defineJob, type JobContext, job, NonRetryableError } from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import type { Worker } from '../../workers/run-worker.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type LaneCase, laneCases, reaches } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ name: z.string() });
const result = z.object({ saw: z.array(z.string()) });
type Context = JobContext<z.input<typeof result>>;

/** `step` on the lane under test, where one job runs at a time; `other` on the other lane. */
function catalogOf(lane: LaneCase['lane']) {
  const otherLane = lane === 'bulk' ? 'realtime' : 'bulk';
  return {
    step: defineJob({ type: 'step', lane, queue: 'steps', payload, result, maxAttempts: 2, backoff: { delayMs: 20 } }),
    other: defineJob({ type: 'other', lane: otherLane, queue: 'others', payload, result }),
  };
}

describe.each(laneCases)('Jobs that wait for their children on the $name lane', ({ lane, memory }) => {
  const jobs = catalogOf(lane);
  /** What the handler does for jobs of a name; others return at once. */
  const plans = new Map<string, (context: Context) => Promise<unknown>>();
  let app: TestApp;
  let worker: Worker;
  beforeAll(async () => {
    const handler = async ({ name }: z.output<typeof payload>, context: Context) => {
      await plans.get(name)?.(context);
      const children = await context.children();
      return { saw: children.map((child) => `${child.type} ${child.state}`) };
    };
    const lanes = memory ? { realtime: memoryLane({ name: 'realtime' }), bulk: memoryLane({ name: 'bulk' }) } : {};
    const overrides = { catalog: jobs, handlers: () => ({ step: handler, other: handler }), product: undefined, lanes };
    app = await startTestApp({ http: false, worker: false, settings: { TWOLANE_UNDO_MS: '0' }, overrides });
    worker = app.twolane.worker({ concurrency: 1 });
    await worker.start();
  });
  afterAll(async () => {
    await worker.stop();
    await app.stop();
  });

  const query = (text: string, values: unknown[]) => app.twolane.database.query(text, values);
  const enqueue = async (name: string, plan: (context: Context) => Promise<unknown>, options = {}) => {
    plans.set(name, plan);
    return (await app.twolane.enqueue(jobs.step, { name }, options)).id;
  };
  const blocked = (id: string) => reaches(app.twolane, id, ['blocked']);
  const childOf = async (id: string, place = 0) => (await blocked(id)).childIds[place] ?? '';

  test('the slot is free while it waits, no attempt is charged, and it runs again with the results of both lanes', async () => {
    const runs: number[] = [];
    const id = await enqueue('gathers', async (context) => {
      runs.push(context.attempt);
      if (runs.length > 1) return;
      await context.enqueue(jobs.other, { name: 'late' }, { delayMs: 300 });
      await context.enqueueMany([1, 2].map((n) => ({ job: jobs.step, payload: { name: `child ${n}` } })));
      context.waitForChildren();
    });
    const waiting = await blocked(id);
    expect(waiting).toMatchObject({
      attempt: 0,
      reason: 'waits for other jobs',
      waitsFor: waiting.childIds,
      worker: null,
    });
    // The queue has one slot: the children could not run if their parent held it.
    const done = await reaches(app.twolane, id, ['succeeded']);
    expect(done.result).toEqual({ saw: ['other succeeded', 'step succeeded', 'step succeeded'] });
    expect(runs).toEqual([1, 1]);
    expect(done.attempts).toMatchObject([{ attempt: 1, outcome: 'succeeded' }]);
  });

  test('it may wait again, for a flow too, and what waits for it waits all the while', async () => {
    plans.set('in rounds', async (context) => {
      const { length } = await context.children();
      if (length === 0) await context.enqueue(jobs.step, { name: 'round one' });
      if (length === 1) await context.enqueueFlow(chain(job(jobs.step, { name: 'a' }), job(jobs.other, { name: 'b' })));
      if (length < 3) context.waitForChildren();
    });
    const flow = await app.twolane.enqueueFlow(
      chain(job(jobs.step, { name: 'in rounds' }), job(jobs.step, { name: 'after' })),
    );
    expect((await reaches(app.twolane, flow.id, ['succeeded'])).result).toEqual({ saw: ['step succeeded'] });
    const [first] = flow.jobs;
    expect((await app.twolane.operations.get(first?.id ?? ''))?.result).toEqual({
      saw: ['step succeeded', 'step succeeded', 'other succeeded'],
    });
  });

  test('its rule decides when a child fails: blocked until that is mended, cancelled, or told of it', async () => {
    plans.set('fails', async () => {
      throw new NonRetryableError('It can not work');
    });
    const parent = (onChildFailure?: 'block' | 'cancel' | 'continue') =>
      enqueue(`parent with ${onChildFailure}`, async (context) => {
        if ((await context.children()).length > 0) return;
        await context.enqueue(jobs.step, { name: 'fails' });
        await context.enqueue(
          jobs.other,
          { name: 'in an hour' },
          { delayMs: onChildFailure === 'cancel' ? 3_600_000 : 0 },
        );
        context.waitForChildren({ onChildFailure });
      });
    const [blocks, cancels, continues] = await Promise.all([parent(), parent('cancel'), parent('continue')]);
    const child = await childOf(blocks);
    await reaches(app.twolane, child, ['dead']);
    expect((await blocked(blocks)).reason).toBe(`waits for job ${child}, which is dead: retry it or discard it`);
    await app.twolane.operations.retry(child, { payload: { name: 'mended' } });
    expect((await reaches(app.twolane, blocks, ['succeeded'])).result).toEqual({
      saw: ['step succeeded', 'other succeeded'],
    });
    const cancelled = await reaches(app.twolane, cancels, ['cancelled']);
    expect(cancelled.reason).toBe('a job it waits for is dead');
    await reaches(app.twolane, cancelled.childIds[1] ?? '', ['cancelled']);
    expect((await reaches(app.twolane, continues, ['succeeded'])).result).toEqual({
      saw: ['step dead', 'other succeeded'],
    });
  });

  test('cancelled while it waits, it takes the children with it that have not started', async () => {
    const id = await enqueue('given up', async (context) => {
      await context.enqueue(jobs.step, { name: 'in an hour' }, { delayMs: 3_600_000 });
      context.waitForChildren();
    });
    const child = await childOf(id);
    expect(await app.twolane.operations.cancel(id)).toBe('cancelled');
    expect((await reaches(app.twolane, child, ['cancelled'])).reason).toBe('the job that waits for it was cancelled');
  });

  test('a wait that could never end is the death of the job and says so: for its own key, for what waits for it, twice for the same', async () => {
    const ownKey = await enqueue(
      'same key',
      async (context) => {
        await context.enqueue(jobs.step, { name: 'behind it' }, { key: 'one' });
        context.waitForChildren();
      },
      { key: 'one' },
    );
    const waitsBack = await enqueue('waits back', async (context) => {
      const between = await context.enqueue(jobs.step, { name: 'between' }, { waitFor: [context.id] });
      await context.enqueue(jobs.other, { name: 'end of the circle' }, { waitFor: [between.id] });
      context.waitForChildren();
    });
    const again = await enqueue('again and again', async (context) => {
      await context.enqueue(jobs.step, { name: 'once' }, { idempotencyKey: 'once' });
      context.waitForChildren();
    });
    expect((await reaches(app.twolane, ownKey, ['dead'])).error).toMatchObject({ code: 'circular_wait' });
    expect((await reaches(app.twolane, waitsBack, ['dead'])).error).toMatchObject({ code: 'circular_wait' });
    expect((await reaches(app.twolane, again, ['dead'])).error).toMatchObject({ code: 'wait_in_vain' });
    const [behind = ''] = (await app.twolane.operations.get(ownKey))?.childIds ?? [];
    await reaches(app.twolane, behind, ['succeeded']);
  });

  test('a failure after the wait is an attempt like any other, and its retry finds the children', async () => {
    let runs = 0;
    const id = await enqueue('fails after it', async (context) => {
      runs += 1;
      if (runs === 2) throw new Error('Once');
      if (runs > 2) return;
      await context.enqueue(jobs.step, { name: 'a child' });
      context.waitForChildren();
    });
    const done = await reaches(app.twolane, id, ['succeeded']);
    expect(done).toMatchObject({ attempt: 2, result: { saw: ['step succeeded'] } });
    expect(done.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'failed'],
      [2, 'succeeded'],
    ]);
  });

  // The last one: its job stays with an owner that does not exist.
  test('who has lost the job meanwhile changes nothing by waiting', async () => {
    let left = false;
    const id = await enqueue('fenced', async (context) => {
      await context.enqueue(jobs.step, { name: 'orphan' }, { key: 'orphans' });
      await query('update twolane.live set fence = fence + 1 where id = $1', [context.id]);
      left = true;
      context.waitForChildren();
    });
    await until('it has lost the job', async () => left);
    const later = await enqueue('next in the slot', async () => {});
    await reaches(app.twolane, later, ['succeeded']);
    expect(await app.twolane.operations.get(id)).toMatchObject({ state: 'running', attempt: 1, waitsFor: [] });
    expect((await query('select from twolane.waits where parent_id = $1', [id])).rows).toEqual([]);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
  });
});

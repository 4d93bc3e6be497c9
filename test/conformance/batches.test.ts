/** Batch handlers, on every lane: how jobs are gathered, an outcome for each, and what one of them does not do to the others. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type BatchContext,
  type BatchItem,
  defineJob,
  type EnqueueOptions,
  FencedError,
  type JobContext,
  NonRetryableError,
} from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type LaneCase, laneCases, reaches } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const payload = z.object({
  name: z.string(),
  does: z.enum(['works', 'fails', 'can not', 'throws for all', 'waits', 'is deaf', 'settles']).default('works'),
});

function catalogOf(lane: LaneCase['lane']) {
  const common = { lane, payload, result: z.string(), maxAttempts: 2, backoff: { delayMs: 50, maxMs: 50 } } as const;
  return {
    index: defineJob({
      ...common,
      type: 'index',
      queue: 'batches',
      batch: { size: 10, waitMs: 300 },
      killAfterMs: 400,
    }),
    plain: defineJob({ ...common, type: 'plain', queue: 'batches' }),
  };
}
type Item = BatchItem<ReturnType<typeof catalogOf>['index']>;

describe.each(laneCases)('Batches on the $name lane', ({ lane, memory }) => {
  const jobs = catalogOf(lane);
  let calls: { names: string[]; atOnce: number; signal: AbortSignal }[] = [];
  let app: TestApp;
  let atOnce = 0;

  const handler = async (items: readonly Item[], batch: BatchContext<typeof jobs.index>): Promise<string[]> => {
    atOnce += 1;
    calls.push({ names: items.map((item) => item.payload.name), atOnce, signal: batch.signal });
    try {
      await Promise.all(items.map((item) => act(item, items, batch)));
      return items.map((item) => `done ${item.payload.name}`);
    } finally {
      atOnce -= 1;
    }
  };
  const act = async (item: Item, items: readonly Item[], batch: BatchContext<typeof jobs.index>) => {
    const { does, name } = item.payload;
    if (does === 'fails' && item.context.attempt === 1) batch.fail(item, new Error(`${name} failed`));
    if (does === 'can not') batch.fail(item, new NonRetryableError(`${name} can not work`));
    if (does === 'throws for all' && item.context.attempt === 1) throw new Error('The index is away');
    if (does === 'is deaf') await new Promise((resolve) => setTimeout(resolve, 1_500));
    if (does === 'waits')
      await new Promise((resolve) => item.context.signal.addEventListener('abort', resolve)).then(() =>
        batch.fail(item, item.context.signal.reason),
      );
    if (does !== 'settles' || item !== items[0]) return;
    if (name === 'stolen')
      await app.twolane.database.query('update twolane.live set fence = fence + 1 where id = $1', [
        items[1]?.context.id,
      ]);
    await batch.settle(
      async (tx) =>
        void (await tx.query('insert into effects select unnest($1::text[])', [items.map((one) => one.payload.name)])),
      items.map((one) => `settled ${one.payload.name}`),
    );
  };

  beforeAll(async () => {
    const lanes = memory ? { realtime: memoryLane({ name: 'realtime' }) } : {};
    const plain = async (given: { name: string }, _context: JobContext<string>) => given.name;
    const handlers = () => ({ index: handler, plain });
    const overrides = { catalog: jobs, handlers, product: undefined, lanes };
    app = await startTestApp({ http: false, worker: false, overrides });
    await app.twolane.database.query('create table effects (name text)');
    const worker = app.twolane.worker({ queues: ['batches'], concurrency: 2 });
    await worker.start();
    const stop = app.stop;
    app.stop = async () => {
      await worker.stop();
      await stop();
    };
  });
  afterAll(() => app.stop());
  afterEach(() => {
    calls = [];
  });

  type Given = z.input<typeof payload> & { options?: EnqueueOptions };
  const enqueue = (given: Given[]) =>
    app.twolane.enqueueMany(given.map(({ options, ...one }) => ({ job: jobs.index, payload: one, options })));
  const reach = (job: { id: string } | undefined, ...states: Parameters<typeof reaches>[2]) =>
    reaches(app.twolane, job?.id ?? '', states);
  const names = (n: number, prefix: string): Given[] =>
    Array.from({ length: n }, (_, i) => ({ name: `${prefix} ${i}` }));

  test('full batches leave at once, the rest after its time, and each job has its own result', async () => {
    const enqueued = await enqueue(names(23, 'many'));
    for (const [n, job] of enqueued.entries())
      expect(await reach(job, 'succeeded')).toMatchObject({ attempt: 1, result: `done many ${n}` });
    expect(calls.flatMap((call) => call.names)).toHaveLength(23);
    expect(Math.max(...calls.map((call) => call.names.length))).toBe(10);
    expect(calls.length).toBeLessThanOrEqual(5);
    // Concurrency counts batches: two slots, more than two jobs.
    expect(Math.max(...calls.map((call) => call.atOnce))).toBeLessThanOrEqual(2);
  });

  test('each item has an outcome of its own: some succeed, one is retried, one is dead', async () => {
    const [fine, retried, dead] = await enqueue([
      { name: 'fine' },
      { name: 'retried', does: 'fails' },
      { name: 'dead', does: 'can not' },
    ]);
    expect((await reach(fine, 'succeeded')).attempts).toHaveLength(1);
    expect((await reach(retried, 'succeeded')).attempts).toMatchObject([
      { outcome: 'failed', error: { message: 'retried failed' } },
      { outcome: 'succeeded' },
    ]);
    expect(await reach(dead, 'dead')).toMatchObject({ error: { message: 'dead can not work' }, attempt: 1 });
    expect(calls[0]?.names).toHaveLength(3);
  });

  test('an error that the handler throws fails every item of the batch', async () => {
    const all = await enqueue([{ name: 'one' }, { name: 'two', does: 'throws for all' }, { name: 'three' }]);
    for (const job of all)
      expect((await reach(job, 'succeeded')).attempts.map((attempt) => attempt.outcome)).toEqual([
        'failed',
        'succeeded',
      ]);
  });

  test('a cancel stops one item and leaves the others, whether the handler listens or not', async () => {
    const [stopped, left, deaf] = await enqueue([
      { name: 'stopped', does: 'waits' },
      { name: 'left' },
      { name: 'deaf', does: 'is deaf' },
    ]);
    await until('the batch runs', () => calls.length === 1);
    await app.twolane.operations.cancel(stopped?.id ?? '');
    await app.twolane.operations.cancel(deaf?.id ?? '');
    expect((await reach(stopped, 'cancelled')).result).toBeNull();
    await reach(deaf, 'cancelled');
    expect(calls[0]?.signal.aborted).toBe(false);
    expect(await reach(left, 'succeeded')).toMatchObject({ attempt: 1, result: 'done left' });
  });

  test('the time limit is that of the batch: it stops all that has not ended', async () => {
    const options = { timeoutMs: 250, maxAttempts: 1 };
    const slow = await enqueue([
      { name: 'slow', does: 'waits', options },
      { name: 'slower', does: 'waits', options },
    ]);
    for (const job of slow) expect((await reach(job, 'dead')).attempts).toMatchObject([{ outcome: 'timed_out' }]);
    expect(calls[0]?.signal).toMatchObject({ aborted: true, reason: { code: 'timed_out' } });
  });

  test('a payload that does not fit any more is dead alone, and jobs of one key never meet and keep their order', async () => {
    const key = `thread of ${lane} ${memory}`;
    const keyed = names(5, 'keyed').map((one) => ({ ...one, options: { key } }));
    const paused = `${lane}/batches` as const;
    await app.twolane.operations.pause(paused);
    const [spoilt, ...others] = await enqueue([{ name: 'spoilt' }, { name: 'beside it' }, ...keyed]);
    await app.twolane.database.query(`update twolane.jobs set payload = '{"name": 7}' where id = $1`, [spoilt?.id]);
    await app.twolane.operations.resume(paused);
    expect((await reach(spoilt, 'dead')).error).toMatchObject({ code: 'invalid_payload' });
    for (const job of others) await reach(job, 'succeeded');
    const order = calls.map((call) => call.names.filter((name) => name.startsWith('keyed')));
    expect(Math.max(...order.map((some) => some.length))).toBe(1);
    expect(order.flat()).toEqual(names(5, 'keyed').map(({ name }) => name));
  });

  test('one effect commits with the success of all items, or with none when one was lost', async () => {
    const kept = await enqueue([{ name: 'kept', does: 'settles' }, { name: 'kept too' }]);
    for (const job of kept) expect((await reach(job, 'succeeded')).result).toMatch(/^settled kept/);
    const [stolen, robbed] = await enqueue([{ name: 'stolen', does: 'settles' }, { name: 'robbed' }]);
    // It is retried alone, and its own effect commits then.
    const retried = await reach(stolen, 'succeeded');
    expect(retried.attempts[0]).toMatchObject({ outcome: 'failed', error: { name: FencedError.name } });
    expect((await app.twolane.operations.get(robbed?.id ?? ''))?.state).toBe('running');
    const { rows } = await app.twolane.database.query('select name from effects order by name');
    expect(rows.map(({ name }) => name)).toEqual(['kept', 'kept too', 'stolen']);
  });

  test('types without batches run beside them in the same queue', async () => {
    const plain = await app.twolane.enqueue(jobs.plain, { name: 'alone' });
    const [one] = await enqueue([{ name: 'not alone' }]);
    expect(await reach(plain, 'succeeded')).toMatchObject({ result: 'alone' });
    await reach(one, 'succeeded');
    expect(calls).toMatchObject([{ names: ['not alone'] }]);
    expect(() => defineJob({ type: 'x', lane, queue: 'x', payload, batch: { size: 1, waitMs: 0 } })).toThrow(
      /batch.size/,
    );
  });
});

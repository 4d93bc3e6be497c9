/** What happens when the same thing is asked for again, on every lane: idempotency keys, throttle, debounce and keep-last. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnqueueOptions } from '../../src/contract/index.ts';
import { apiKey } from '../support/app.ts';
import { type Answer, caller } from '../support/http.ts';
import { enqueueBeside, type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  let others: ReturnType<typeof enqueueBeside>[];
  beforeAll(async () => {
    app = await startLaneApp(laneCase, { http: true });
    others = [1, 2, 3].map(() => enqueueBeside(app));
  });
  afterAll(async () => {
    for (const other of others) await other.close();
    await app.stop();
  });
  const queue = `${laneCase.lane}/single` as const;
  const work = (name: string, options: EnqueueOptions, takesMs?: number) =>
    app.twolane.enqueue(app.jobs.work, { name, takesMs }, options);

  /** From four processes at once, each with batches of its own. */
  const everywhere = (name: string, times: number, options: EnqueueOptions) =>
    Promise.all(
      [app, ...others].flatMap(({ twolane }, process) =>
        Array.from({ length: times }, (_, n) =>
          twolane.enqueue(app.jobs.work, { name: `${name} ${process} ${n}` }, options),
        ),
      ),
    );

  const stateOf = async (id: string) => (await app.twolane.operations.get(id))?.state;

  test('an idempotency key leads to its job until its window is over, and says when the payload differs', async () => {
    const options = { idempotencyKey: 'order 7', idempotencyMs: 600 };
    const first = await work('first', options, 0);
    expect(first).toMatchObject({ deduplicated: false, replaced: false, payloadDiffers: false });
    const swapped = await app.twolane.enqueue(app.jobs.work, { takesMs: 0, name: 'first' }, options);
    expect(swapped).toMatchObject({ id: first.id, deduplicated: true, payloadDiffers: false });
    expect(await work('second', options)).toMatchObject({ id: first.id, deduplicated: true, payloadDiffers: true });
    expect(await work('other tenant', { ...options, tenant: 'b' })).toMatchObject({ deduplicated: false });
    await app.reaches(first.id, 'succeeded');
    expect((await work('first', options, 0)).state).toBe('succeeded');
    const next = await until('the window is over', async () => {
      const again = await work('third', options);
      return again.deduplicated ? undefined : again;
    });
    expect(next.id).not.toBe(first.id);
    await app.reaches(next.id, 'succeeded');
    expect(app.runsOf('second')).toHaveLength(0);
  });

  test('throttle runs the first at once and answers it to all within the window, from any process', async () => {
    const answers = await everywhere('throttled', 25, { throttle: { key: 'digest', ms: 60_000 } });
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    await app.reaches(answers[0]?.id ?? '', 'succeeded');
    const short = { throttle: { key: 'short', ms: 300 } };
    const first = await work('short', short);
    const next = await until('the window is over', async () => {
      const again = await work('short', short);
      return again.id === first.id ? undefined : again;
    });
    await app.reaches(next.id, 'succeeded');
    expect(app.runs.filter(({ name }) => name.startsWith('throttled'))).toHaveLength(1);
    expect(app.runsOf('short')).toHaveLength(2);
  });

  test('debounce runs once, with the newest payload, a while after the last enqueue', async () => {
    const options = { debounce: { key: 'draft', ms: 700 } };
    const answers = await everywhere('draft', 25, options);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    const id = answers[0]?.id ?? '';
    expect(await work('newest draft', options)).toMatchObject({
      id,
      state: 'scheduled',
      deduplicated: true,
      replaced: true,
    });
    const last = Date.now();
    const done = await app.reaches(id, 'succeeded');
    expect(done.payload).toEqual({ name: 'newest draft' });
    expect(Date.parse(done.startedAt ?? '') - last).toBeGreaterThanOrEqual(650);
    expect(app.runs.filter(({ name }) => name.includes('draft'))).toHaveLength(1);
    const anew = await work('anew', options);
    expect(anew).toMatchObject({ deduplicated: false, replaced: false });
    expect(anew.id).not.toBe(id);
  });

  test('debounce does not wait longer than maxMs after the first enqueue', async () => {
    const firstAt = Date.now();
    const options = { debounce: { key: 'busy', ms: 500, maxMs: 900 } };
    const { id } = await work('busy', options);
    const started = await until('it started in spite of new enqueues', async () => {
      if (app.runsOf('busy').length > 0) return app.runsOf('busy')[0];
      await work('busy', options);
      return undefined;
    });
    expect(started.startedAt - firstAt).toBeGreaterThanOrEqual(890);
    expect(started.startedAt - firstAt).toBeLessThan(1_900);
    expect((await app.reaches(id, 'succeeded')).attempts).toHaveLength(1);
  });

  test('keepLast keeps one running and the newest waiting, whichever process enqueues', async () => {
    const keepLast = { key: 'preview 5' };
    const running = await work('preview running', { keepLast }, 1_500);
    await app.reaches(running.id, 'running');
    const answers = await everywhere('preview', 10, { keepLast });
    expect(new Set(answers.map(({ id }) => id)).size).toBe(40);
    const newest = await work('newest preview', { keepLast });
    expect(newest).toMatchObject({ deduplicated: false, replaced: true, state: 'waiting' });
    expect(await stateOf(running.id)).toBe('running');
    for (const { id } of answers)
      expect(await app.twolane.operations.get(id)).toMatchObject({ state: 'cancelled', reason: 'replaced' });
    await app.reaches(running.id, 'succeeded');
    const done = await app.reaches(newest.id, 'succeeded');
    expect(Date.parse(done.startedAt ?? '')).toBeGreaterThanOrEqual(app.runsOf('preview running')[0]?.finishedAt ?? 0);
    expect(app.runs.filter(({ name }) => name.includes('preview'))).toHaveLength(2);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
  });

  test('all three work in one call and in a transaction, and a rollback leaves no trace', async () => {
    const { twolane, jobs } = app;
    await twolane.operations.pause(queue);
    const item = (name: string, options: EnqueueOptions) => ({ job: jobs.single, payload: { name }, options });
    const many = (option: EnqueueOptions) => twolane.enqueueMany(['a', 'b', 'c'].map((name) => item(name, option)));
    const kept = await many({ keepLast: { key: 'in one call' } });
    expect(kept.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'waiting']);
    const merged = await many({ debounce: { key: 'in one call', ms: 60_000 } });
    expect(merged.map(({ deduplicated }) => deduplicated)).toEqual([false, true, true]);
    expect((await twolane.operations.get(merged[0]?.id ?? ''))?.payload).toEqual({ name: 'c' });
    const [held] = await many({ throttle: { key: 'in one call', ms: 60_000 }, idempotencyKey: 'both' });
    const failure = twolane.transaction(async (_tx, enqueue) => {
      await enqueue(jobs.single, { name: 'd' }, { keepLast: { key: 'in one call' } });
      await enqueue(jobs.single, { name: 'd' }, { debounce: { key: 'in one call', ms: 60_000 } });
      await enqueue(jobs.single, { name: 'd' }, { throttle: { key: 'never', ms: 60_000 } });
      throw new Error('rolled back');
    });
    await expect(failure).rejects.toThrow('rolled back');
    expect(await stateOf(kept[2]?.id ?? '')).toBe('waiting');
    expect((await twolane.operations.get(merged[0]?.id ?? ''))?.payload).toEqual({ name: 'c' });
    const [fresh] = await twolane.database.transaction((tx) =>
      twolane.enqueueIn(tx, [item('e', { throttle: { key: 'never', ms: 60_000 } })]),
    );
    expect(fresh?.deduplicated).toBe(false);
    const both = { throttle: { key: 'another', ms: 60_000 }, idempotencyKey: 'both' };
    expect((await many(both)).map(({ id }) => id)).toEqual([held?.id, held?.id, held?.id]);
    await twolane.operations.resume(queue);
  });

  test('over HTTP the options mean the same, and those that do not fit are named', async () => {
    const call = caller(app.url);
    const post = (options: unknown): Promise<Answer> =>
      call('POST', '/v1/jobs', { token: apiKey, body: { type: 'work', payload: { name: 'http' }, options } });
    const key = `http ${Date.now()}`;
    const first = await post({ debounce: { key, ms: 60_000 } });
    expect(first.json).toMatchObject({ state: 'scheduled', deduplicated: false, replaced: false });
    const second = await post({ debounce: { key, ms: 60_000 } });
    expect(second).toMatchObject({ status: 202, json: { id: first.json.id, deduplicated: true, replaced: true } });
    for (const [options, pointer] of [
      [{ debounce: { key: 'x', ms: 0 } }, '/options/debounce/ms'],
      [{ debounce: { key: 'x', ms: 100, maxMs: 50 } }, '/options/debounce'],
      [{ debounce: { key: 'x', ms: 100 }, delayMs: 5 }, '/options/delayMs'],
      [{ throttle: { key: 'x', ms: 5 }, keepLast: { key: 'x' } }, '/options/keepLast'],
      [{ keepLast: { key: 'x' }, key: 'y' }, '/options/key'],
      [{ idempotencyMs: -1 }, '/options/idempotencyMs'],
    ] as const)
      expect(await post(options)).toMatchObject({ status: 422, json: { errors: [{ pointer }] } });
    await expect(work('x', { throttle: { key: 'x', ms: 0 } })).rejects.toMatchObject({ code: 'invalid_options' });
  });
});

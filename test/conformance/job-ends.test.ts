/** How jobs end, on every lane: retries, dead letters, cancel, pause, time limits, effects that commit with the outcome, drain. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConflictError, FencedError, type JobEvent } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
  });
  afterAll(() => app.stop());
  const queue = `${laneCase.lane}/single` as const;

  test('a failing job is retried after a back-off with jitter and keeps its errors', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'retried', fails: [1, 2] });
    const done = await app.reaches(job.id, 'succeeded');
    expect(done.attempts.map((attempt) => attempt.outcome)).toEqual(['failed', 'failed', 'succeeded']);
    expect(done.attempts[0]?.error).toMatchObject({ name: 'Error', message: 'Attempt 1 failed' });
    const [first, second] = app.runsOf('retried');
    expect((second?.startedAt ?? 0) - (first?.finishedAt ?? 0)).toBeGreaterThanOrEqual(29);
  });

  test('a job whose attempts are used up is dead, and a retry with another payload brings it back', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'hopeless', fails: 'for ever' });
    const dead = await app.reaches(job.id, 'dead');
    expect(dead.attempts.map((attempt) => attempt.outcome)).toEqual(['failed', 'failed', 'failed']);
    expect(dead.error).toMatchObject({ message: 'Attempt 3 failed' });
    const { items } = await app.twolane.operations.deadGroups({}, { limit: 10 });
    expect(items.find((group) => group.sampleId === job.id)).toMatchObject({ type: 'work', count: 1 });
    await app.twolane.operations.retry(job.id, { payload: { name: 'hopeful' } });
    const done = await app.reaches(job.id, 'succeeded');
    expect(done).toMatchObject({ attempt: 4, payload: { name: 'hopeful' } });
    await expect(app.twolane.operations.retry(job.id)).rejects.toThrow(ConflictError);
  });

  test('a non-retryable error ends the job after one attempt', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'refused', fails: 'non-retryable' });
    const dead = await app.reaches(job.id, 'dead');
    expect(dead.attempts).toHaveLength(1);
    await app.twolane.operations.discard(job.id);
    expect(await app.twolane.operations.get(job.id)).toMatchObject({ state: 'cancelled', reason: 'discarded' });
  });

  test('a waiting job can be cancelled and never starts', async () => {
    await app.twolane.operations.pause(queue);
    const job = await app.twolane.enqueue(app.jobs.single, { name: 'cancelled waiting' });
    expect(await app.twolane.operations.cancel(job.id)).toBe('cancelled');
    await app.twolane.operations.resume(queue);
    const marker = await app.twolane.enqueue(app.jobs.single, { name: 'after it' });
    await app.reaches(marker.id, 'succeeded');
    expect(app.runsOf('cancelled waiting')).toHaveLength(0);
    await expect(app.twolane.operations.cancel(job.id)).rejects.toThrow(/ended already/);
  });

  test('a running job is told to stop when it is cancelled', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'cancelled running', takesMs: 20_000 });
    await app.reaches(job.id, 'running');
    const askedAt = Date.now();
    expect(await app.twolane.operations.cancel(job.id, 'changed my mind')).toBe('running');
    expect(await app.reaches(job.id, 'cancelled')).toMatchObject({ reason: 'changed my mind' });
    expect(Date.now() - askedAt).toBeLessThan(3_000);
    expect(app.runsOf('cancelled running')[0]?.stoppedBy).toMatchObject({ code: 'cancelled' });
  });

  test('a paused queue starts nothing, and goes on where it was when it is resumed', async () => {
    await app.twolane.operations.pause(queue);
    const jobs = await app.twolane.enqueueMany(
      [1, 2, 3].map((n) => ({ job: app.jobs.single, payload: { name: `paused ${n}` } })),
    );
    const other = await app.twolane.enqueue(app.jobs.work, { name: 'not paused' });
    await app.reaches(other.id, 'succeeded');
    expect(jobs.map((job) => job.state)).toEqual(['waiting', 'waiting', 'waiting']);
    const status = (await app.twolane.operations.queues()).find((one) => one.queue === 'single');
    expect(status).toMatchObject({ paused: true, counts: { waiting: 3, running: 0 } });
    expect(app.runs.some((run) => run.name.startsWith('paused'))).toBe(false);
    await app.twolane.operations.resume(queue);
    for (const job of jobs) await app.reaches(job.id, 'succeeded');
    const order = app.runs.filter((run) => run.name.startsWith('paused')).map((run) => run.name);
    expect(order).toEqual(['paused 1', 'paused 2', 'paused 3']);
  });

  test('an attempt over its time limit is stopped by its signal and counts as failed', async () => {
    const job = await app.twolane.enqueue(
      app.jobs.work,
      { name: 'slow', takesMs: 10_000 },
      { timeoutMs: 150, maxAttempts: 1 },
    );
    const dead = await app.reaches(job.id, 'dead');
    expect(dead.attempts).toMatchObject([{ outcome: 'timed_out', error: { code: 'timed_out' } }]);
    expect(app.runsOf('slow')[0]?.stoppedBy).toMatchObject({ code: 'timed_out' });
  });

  test('a handler that ignores its signal is given up, and its slot is free again', { timeout: 30_000 }, async () => {
    const deaf = { name: 'deaf', takesMs: 4_000, deaf: true };
    const job = await app.twolane.enqueue(app.jobs.single, deaf, { timeoutMs: 100, maxAttempts: 1 });
    const next = await app.twolane.enqueue(app.jobs.single, { name: 'next in line' });
    await app.reaches(next.id, 'succeeded');
    expect(await app.twolane.operations.get(job.id)).toMatchObject({
      state: 'dead',
      attempts: [{ outcome: 'timed_out' }],
    });
    expect(app.runsOf('deaf')[0]?.finishedAt).toBeUndefined();
  });

  test('progress, states and log lines of a job can be followed from any process', async () => {
    const { twolane, jobs } = app;
    const job = await twolane.enqueue(jobs.work, { name: 'watched', takesMs: 800 });
    const events: JobEvent[] = [];
    const stop = twolane.events.subscribe(job.id, (event) => events.push(event));
    await app.reaches(job.id, 'succeeded');
    await until('the end was told', () => events.at(-1)?.state === 'succeeded');
    stop();
    expect(events.some((event) => event.state === 'running' && event.progress?.percent === 50)).toBe(true);
    const [line] = (await twolane.operations.logs(job.id, {})).items;
    expect(line).toMatchObject({ attempt: 1, message: 'A line from the handler', fields: { attempt: 1 } });
  });
});

describe.each(laneCases)('Effects and drain on the $name lane', (laneCase) => {
  test('an effect in ctx.settle commits with the success, and is rolled back when the job was lost', async () => {
    const outcomes: unknown[] = [];
    const app: LaneApp = await startLaneApp(laneCase, {
      overrides: {
        handlers: () => ({
          single: async () => {},
          internal: async () => {},
          work: async (
            payload: { name: string },
            context: { id: string; settle: (effect: unknown) => Promise<void> },
          ) => {
            const { database } = app.twolane;
            // Somebody takes the job away before the effect commits.
            if (payload.name === 'stolen')
              await database.query('update twolane.live set fence = fence + 1 where id = $1', [context.id]);
            const effect = (tx: typeof database) => tx.query('insert into effects values ($1)', [payload.name]);
            await context.settle(effect).catch((error) => outcomes.push(error));
          },
        }),
      },
    });
    await app.twolane.database.query('create table effects (name text)');
    const kept = await app.twolane.enqueue(app.jobs.work, { name: 'kept' });
    await app.reaches(kept.id, 'succeeded');
    const stolen = await app.twolane.enqueue(app.jobs.work, { name: 'stolen' });
    await until('the theft was noticed', () => outcomes.length === 1);
    expect(outcomes[0]).toBeInstanceOf(FencedError);
    expect((await app.twolane.database.query('select name from effects')).rows).toEqual([{ name: 'kept' }]);
    expect((await app.twolane.operations.get(stolen.id))?.state).toBe('running');
    await app.stop();
  });

  test('a worker that is stopped finishes what it can, hands the rest back, and loses nothing', async () => {
    const app = await startLaneApp(laneCase, { worker: false, settings: { TWOLANE_DRAIN_MS: '1000' } });
    const first = app.twolane.worker({ queues: ['work'], concurrency: 10 });
    await first.start();
    const quick = Array.from({ length: 5 }, (_, n) => ({
      job: app.jobs.work,
      payload: { name: `quick ${n}`, takesMs: 300 },
    }));
    const long = Array.from({ length: 5 }, (_, n) => ({
      job: app.jobs.work,
      payload: { name: `long ${n}`, takesMs: 2_000 },
    }));
    const behind = Array.from({ length: 20 }, (_, n) => ({ job: app.jobs.work, payload: { name: `behind ${n}` } }));
    const jobs = await app.twolane.enqueueMany([...quick, ...long, ...behind]);
    await until('ten run', () => app.runs.length >= 10);
    await first.stop();
    expect(app.runs.filter((run) => run.name.startsWith('quick') && run.finishedAt)).toHaveLength(5);
    const second = app.twolane.worker({ queues: ['work'], concurrency: 10 });
    await second.start();
    for (const job of jobs) expect(await app.reaches(job.id, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(app.runs).toHaveLength(35);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
    await second.stop();
    await app.stop();
  });
});

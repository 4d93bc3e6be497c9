/** What enqueueing promises, on every lane: it runs what was enqueued, in its transaction, once per key, in order, by priority. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidPayloadError } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
  });
  afterAll(() => app.stop());

  test('a job that was enqueued runs once and is kept with its payload and attempt', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'plain' });
    const done = await app.reaches(job.id, 'succeeded');
    expect(done).toMatchObject({
      type: 'work',
      lane: laneCase.lane,
      queue: 'work',
      payload: { name: 'plain' },
      attempt: 1,
    });
    expect(done.attempts).toMatchObject([{ attempt: 1, outcome: 'succeeded', error: null }]);
    expect(app.runsOf('plain')).toHaveLength(1);
  });

  test('all of 2,000 jobs enqueued in one call run, each once', async () => {
    const items = Array.from({ length: 2_000 }, (_, n) => ({ job: app.jobs.work, payload: { name: `many ${n}` } }));
    await app.twolane.enqueueMany(items);
    await until('all have run', () => app.runs.filter((run) => run.name.startsWith('many')).length >= 2_000);
    await until('all are settled', async () => (await app.twolane.operations.conservation()).live === 0);
    const names = app.runs.filter((run) => run.name.startsWith('many')).map((run) => run.name);
    expect(new Set(names).size).toBe(2_000);
    expect(names).toHaveLength(2_000);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
  });

  test('a payload that does not fit is refused before anything is written, naming the field', async () => {
    const before = await app.twolane.operations.conservation();
    const wrong = { name: 7 } as unknown as { name: string };
    const refusal = await app.twolane.enqueue(app.jobs.work, wrong).catch((error) => error);
    expect(refusal).toBeInstanceOf(InvalidPayloadError);
    expect(refusal.fields).toMatchObject([{ pointer: '/name' }]);
    const many = [
      { job: app.jobs.work, payload: { name: 'fits' } },
      { job: app.jobs.work, payload: wrong },
    ];
    const batch = await app.twolane.enqueueMany(many).catch((error) => error);
    expect(batch.fields).toMatchObject([{ pointer: '/1/payload/name' }]);
    expect((await app.twolane.operations.conservation()).appended).toBe(before.appended);
  });

  test('a job enqueued in a transaction runs after its commit, and not at all after a rollback', async () => {
    const { twolane, jobs } = app;
    let inside: string | undefined;
    const id = await twolane.transaction(async (tx, enqueue) => {
      const job = await enqueue(jobs.work, { name: 'committed' });
      inside = (await tx.query('select state from twolane.live where id = $1', [job.id])).rows[0].state;
      return job.id;
    });
    expect(['queued', 'waiting']).toContain(inside);
    await app.reaches(id, 'succeeded');
    let rolledBack = '';
    const failure = await twolane
      .transaction(async (_tx, enqueue) => {
        rolledBack = (await enqueue(jobs.work, { name: 'rolled back' })).id;
        throw new Error('The request failed');
      })
      .catch((error) => error.message);
    expect(failure).toBe('The request failed');
    const marker = await twolane.enqueue(jobs.work, { name: 'after the rollback' });
    await app.reaches(marker.id, 'succeeded');
    expect(await twolane.operations.get(rolledBack)).toBeUndefined();
    expect(app.runsOf('rolled back')).toHaveLength(0);
  });

  test("a job enqueued in somebody else's transaction is found after its commit", async () => {
    const { twolane, jobs } = app;
    const [job] = await twolane.database.transaction((tx) =>
      twolane.enqueueIn(tx, [{ job: jobs.work, payload: { name: 'foreign' } }]),
    );
    expect(job?.state).toBe('waiting');
    await app.reaches(job?.id ?? '', 'succeeded');
  });

  test('a delayed job does not start early and not much later', async () => {
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'delayed' }, { delayMs: 700 });
    expect(job.state).toBe('scheduled');
    const done = await app.reaches(job.id, 'succeeded');
    const lateMs = Date.parse(done.startedAt ?? '') - Date.parse(done.enqueuedAt) - 700;
    expect(lateMs).toBeGreaterThanOrEqual(-5);
    expect(lateMs).toBeLessThan(1_000);
  });

  test('a job past its expiry is cancelled and never runs', async () => {
    const options = { delayMs: 60_000, expiresAt: new Date(Date.now() + 300) };
    const job = await app.twolane.enqueue(app.jobs.work, { name: 'expired' }, options);
    expect(await app.reaches(job.id, 'cancelled')).toMatchObject({ reason: 'expired' });
    expect(app.runsOf('expired')).toHaveLength(0);
  });

  test('an idempotency key leads every later enqueue to the first job, also when twenty arrive at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        app.twolane.enqueue(app.jobs.work, { name: 'once' }, { idempotencyKey: 'once' }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(answers.filter((answer) => !answer.deduplicated)).toHaveLength(1);
    await app.reaches(answers[0]?.id ?? '', 'succeeded');
    const later = await app.twolane.enqueue(app.jobs.work, { name: 'once' }, { idempotencyKey: 'once' });
    expect(later).toMatchObject({ id: answers[0]?.id, deduplicated: true });
    expect(app.runsOf('once')).toHaveLength(1);
  });

  test('the four priorities start in order behind a job that holds the queue', async () => {
    const { twolane, jobs } = app;
    await twolane.operations.pause(`${laneCase.lane}/single`);
    for (const priority of ['low', 'normal', 'high', 'urgent'] as const) {
      await twolane.enqueueMany(
        [1, 2, 3].map((n) => ({ job: jobs.single, payload: { name: `prio ${priority} ${n}` }, options: { priority } })),
      );
    }
    await twolane.operations.resume(`${laneCase.lane}/single`);
    await until('all have run', () => app.runs.filter((run) => run.name.startsWith('prio')).length === 12);
    const order = app.runs.filter((run) => run.name.startsWith('prio')).map((run) => run.name.split(' ')[1]);
    expect(order).toEqual(['urgent', 'high', 'normal', 'low'].flatMap((priority) => [priority, priority, priority]));
  });

  test('an urgent job takes the next free slot, although another was released to the worker before it', async () => {
    const { twolane, jobs } = app;
    const one = (name: string, priority: 'urgent' | 'normal', takesMs = 0) =>
      twolane.enqueue(jobs.single, { name: `slot ${name}`, takesMs }, { priority });
    const holder = await one('holder', 'normal', 60_000);
    await app.reaches(holder.id, 'running');
    const before = await one('released before', 'normal');
    await app.reaches(before.id, 'queued');
    await one('waiting', 'normal');
    const urgent = await one('urgent', 'urgent');
    await until('the workers were told of it', async () => {
      const { rows } = await twolane.database.query<{ told: boolean }>(
        'select u.dispatched_at = b.dispatched_at as told from twolane.live u, twolane.live b where u.id = $1 and b.id = $2',
        [urgent.id, before.id],
      );
      return rows[0]?.told;
    });
    await twolane.operations.cancel(holder.id);
    await until('all have run', () => app.runs.filter((run) => run.name.startsWith('slot')).length === 4);
    const order = app.runs.filter((run) => run.name.startsWith('slot')).map((run) => run.name.slice(5));
    expect(order).toEqual(['holder', 'urgent', 'released before', 'waiting']);
  });

  test('jobs of one key run one after another in the order of their ids, also when one is retried', async () => {
    const names = Array.from({ length: 15 }, (_, n) => `keyed ${n}`);
    const queued = await Promise.all(
      names.map((name, n) =>
        app.twolane.enqueue(
          app.jobs.work,
          { name, takesMs: 5, ...(n === 3 && { fails: [1] }) },
          { key: `thread ${laneCase.name}` },
        ),
      ),
    );
    const inOrder = queued.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    for (const job of inOrder) await app.reaches(job.id, 'succeeded');
    const runs = app.runs.filter((run) => run.name.startsWith('keyed'));
    expect(runs).toHaveLength(16);
    const details = await Promise.all(inOrder.map((job) => app.twolane.operations.get(job.id)));
    const starts = details.flatMap(
      (job) => job?.attempts.map((attempt) => [attempt.startedAt, attempt.finishedAt] as const) ?? [],
    );
    starts.slice(1).forEach(([startedAt], index) => {
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(starts[index]?.[1] ?? '') - 1);
    });
  });

  test('a job that waits for others is blocked until they have succeeded', async () => {
    const { twolane, jobs } = app;
    const first = await twolane.enqueue(jobs.work, { name: 'child', takesMs: 200 });
    const parent = await twolane.enqueue(jobs.work, { name: 'parent' }, { waitFor: [first.id] });
    expect(parent.state).toBe('blocked');
    await app.reaches(parent.id, 'succeeded');
    expect(app.runsOf('parent')[0]?.startedAt).toBeGreaterThanOrEqual(
      app.runsOf('child')[0]?.finishedAt ?? Number.POSITIVE_INFINITY,
    );
    const cancelled = await twolane.enqueue(jobs.work, { name: 'never' }, { delayMs: 60_000 });
    const orphan = await twolane.enqueue(jobs.work, { name: 'orphan' }, { waitFor: [cancelled.id] });
    await twolane.operations.cancel(cancelled.id);
    expect(await app.reaches(orphan.id, 'cancelled')).toMatchObject({ reason: 'a job it waits for was cancelled' });
  });
});

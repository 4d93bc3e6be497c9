/** What isolation promises on every lane: a handler in a child process that is really stopped, whatever it does, and costs one attempt. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isFinal, type JobDetail, type JobState } from '../../src/contract/index.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import type { Worker } from '../../workers/run-worker.ts';
import { isAlive } from '../support/alive.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { jobsOf } from '../support/isolated-app.ts';
import { laneCases } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

/** Child processes have to start when others were killed, and that takes about a second of a core each. */
const timeoutMs = 60_000;

describe.each(laneCases)('An isolated job on the $name lane', { timeout: timeoutMs }, ({ lane, memory }) => {
  const jobs = jobsOf(lane);
  let app: TestApp;
  let worker: Worker;
  beforeAll(async () => {
    const overrides = memory ? { lanes: { realtime: memoryLane({ name: 'realtime' }) } } : {};
    // In plain JavaScript its child processes start sooner.
    const script = join(inject('scripts'), 'test/support/isolated-app.js');
    const { createApp } = (await import(script)) as typeof import('../support/isolated-app.ts');
    app = await startTestApp({ http: false, worker: false, make: createApp, overrides });
    await app.twolane.database.query('create table effects (job bigint, pid int)');
    worker = app.twolane.worker({ lane });
    await worker.start();
  });
  afterAll(async () => {
    await worker.stop();
    await app.stop();
  });

  type Script = Parameters<typeof app.twolane.enqueue<typeof jobs.plain>>[1];
  const enqueue = async (payload: Script, options = {}) =>
    (await app.twolane.enqueue(jobs.isolated, payload, options)).id;
  const reaches = (id: string, state: JobState): Promise<JobDetail> =>
    until(
      `job ${id} is ${state}`,
      async () => {
        const job = await app.twolane.operations.get(id);
        if (job && isFinal(job.state)) expect(job).toMatchObject({ state });
        return job?.state === state ? job : undefined;
      },
      { timeoutMs },
    );
  const logOf = async (id: string) => (await app.twolane.operations.logs(id, {})).items;
  const pidsOf = (id: string) =>
    until(
      'it has started processes',
      async () => {
        const lines = await logOf(id);
        return lines.find(({ message }) => message === 'Processes')?.fields?.pids as number[] | undefined;
      },
      { timeoutMs },
    );

  test('runs in a process of its own that the next job finds warm, and all it tells is kept', async () => {
    const first = await reaches(await enqueue({ does: 'answers' }), 'succeeded');
    const second = await reaches(await enqueue({ does: 'answers' }), 'succeeded');
    expect(first.result).toEqual(second.result);
    expect(first.result).not.toEqual({ pid: process.pid });
    const [line] = await until('its words are written', async () => {
      const lines = await logOf(first.id);
      return lines.length > 0 ? lines : undefined;
    });
    expect(line).toMatchObject({ message: 'It runs', attempt: 1, fields: first.result });
    expect((await app.twolane.operations.get(first.id))?.progress).toEqual({ percent: 40, note: 'begun' });
    expect(first.attempts).toMatchObject([{ outcome: 'succeeded', stoppedAt: first.finishedAt }]);
    const plain = await app.twolane.enqueue(jobs.plain, { does: 'answers' });
    expect(await reaches(plain.id, 'succeeded')).toMatchObject({ result: { pid: process.pid } });
  });

  test('commits its effect with its success, and what it enqueued in there runs', async () => {
    const done = await reaches(await enqueue({ does: 'settles' }), 'succeeded');
    const { rows } = await app.twolane.database.query('select pid from effects where job = $1', [done.id]);
    expect(rows).toEqual([done.result]);
    expect(done.childIds).toHaveLength(1);
    await reaches(done.childIds[0] ?? '', 'succeeded');
    const line = await until('it has enqueued more', async () => (await logOf(done.id))[1]);
    await reaches(String(line.fields?.follower), 'succeeded');
  });

  test('waits for its children like any other job', async () => {
    const done = await reaches(await enqueue({ does: 'waits for a child' }), 'succeeded');
    expect(done).toMatchObject({ attempt: 1, waitsFor: done.childIds });
    expect(done.childIds).toHaveLength(1);
  });

  test('that was taken away meanwhile has no effect', async () => {
    const id = await enqueue({ does: 'settles too late' });
    await until('it was refused', async () => (await logOf(id)).some(({ message }) => message === 'FencedError'));
    expect((await app.twolane.database.query('select from effects where job = $1', [id])).rows).toEqual([]);
    expect(await app.twolane.operations.get(id)).toMatchObject({ state: 'running' });
  });

  test('keeps its errors with what they say about the next attempt', async () => {
    const dead = await reaches(await enqueue({ does: 'refuses' }, { maxAttempts: 3 }), 'dead');
    expect(dead.attempts).toMatchObject([
      { outcome: 'failed', error: { name: 'NonRetryableError', code: 'never', message: 'This can never work' } },
    ]);
  });

  test('whose process ends or needs too much memory costs an attempt, and nobody else anything', async () => {
    const neighbour = await enqueue({ does: 'sleeps' }, { timeoutMs: 2 * timeoutMs });
    const [exits = '', ...large] = await Promise.all(
      (['exits', 'eats memory', 'fills the heap'] as const).map((does) => enqueue({ does })),
    );
    const crashed = await reaches(exits, 'dead');
    expect(crashed.attempts).toMatchObject([{ outcome: 'failed', error: { code: 'crashed' } }]);
    expect(crashed.error?.message).toMatch(/exit code 3/);
    expect(crashed.error?.stack).toMatch(/I am about to leave/);
    for (const id of large) {
      const dead = await reaches(id, 'dead');
      expect(dead.attempts).toMatchObject([{ outcome: 'failed', error: { code: 'memory_limit' } }]);
      expect(dead.error?.message).toMatch(/400 MiB/);
    }
    expect((await app.twolane.operations.get(neighbour))?.state).toBe('running');
    await app.twolane.operations.cancel(neighbour);
    expect(msToStop(await reaches(neighbour, 'cancelled'))).toBeLessThan(1_000);
  });

  test('that does not stop at its time limit or when it is cancelled is killed with all that it started', async () => {
    const late = await enqueue({ does: 'computes for ever', starts: true }, { timeoutMs: 2_000 });
    const unwanted = await enqueue({ does: 'computes for ever', starts: true });
    const [ofLate, ofUnwanted] = await Promise.all([pidsOf(late), pidsOf(unwanted)]);
    expect(ofUnwanted.filter(isAlive)).toHaveLength(4);
    await app.twolane.operations.cancel(unwanted, 'changed my mind');
    const cancelled = await reaches(unwanted, 'cancelled');
    expect(ofUnwanted.filter(isAlive)).toEqual([]);
    expect(cancelled).toMatchObject({ reason: 'changed my mind', attempts: [{ outcome: 'cancelled', error: null }] });
    expect(msToStop(cancelled)).toBeGreaterThanOrEqual(300);
    expect(msToStop(cancelled)).toBeLessThan(300 + 3_000);
    const dead = await reaches(late, 'dead');
    expect(ofLate.filter(isAlive)).toEqual([]);
    expect(dead.attempts).toMatchObject([{ outcome: 'timed_out', error: { code: 'killed' } }]);
  });
});

function msToStop({ attempts: [attempt] }: JobDetail): number {
  return Date.parse(attempt?.stoppedAt ?? '') - Date.parse(attempt?.cancelRequestedAt ?? '');
}

/** What a time in the options promises, while other work goes on: not early, not much later, and never after the expiry. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnqueueOptions } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

/** Start after due time in milliseconds, smallest first, by the database's clock alone. */
async function deviations(app: LaneApp, name: string): Promise<number[]> {
  const { rows } = await app.twolane.database.query<{ late: number }>(
    `select extract(epoch from d.started_at - j.run_at)::float8 * 1000 as late
     from twolane.jobs j join twolane.done d on d.id = j.id
     where j.payload ->> 'name' = $1 and d.state = 'succeeded' order by 1`,
    [name],
  );
  return rows.map((row) => row.late);
}

const p95 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.95)] as number;

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCase);
  });
  afterAll(() => app.stop());

  /** Keeps half of the worker's places busy while `work` goes on: each job that ends is followed by another. */
  async function underLoad<T>(work: () => Promise<T>): Promise<T> {
    let over = false;
    const keepBusy = async () => {
      while (!over) {
        const name = `load ${randomUUID()}`;
        await app.twolane.enqueue(app.jobs.work, { name, takesMs: 20 });
        await until('it has run', () => app.runs.findLast((run) => run.name === name)?.finishedAt);
      }
    };
    const busy = Promise.all(Array.from({ length: 10 }, keepBusy));
    const result = await work();
    over = true;
    await busy;
    return result;
  }

  test('250 delays and 250 points of time over 3 s begin within 1 s of their time in 95 of 100 cases, none early', async () => {
    // Another try of this test must not count the jobs of the one before.
    const name = `timed ${randomUUID()}`;
    const sorted = await underLoad(async () => {
      const offset = (n: number) => 500 + ((n * 37) % 3_000);
      const options = (n: number): EnqueueOptions =>
        n % 2 === 0 ? { delayMs: offset(n) } : { runAt: new Date(Date.now() + offset(n)) };
      await app.twolane.enqueueMany(
        Array.from({ length: 500 }, (_, n) => ({
          job: app.jobs.work,
          payload: { name },
          options: options(n),
        })),
      );
      await until('all have run', async () => (await deviations(app, name)).length === 500);
      return deviations(app, name);
    });
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(p95(sorted)).toBeLessThan(1_000);
    expect(app.runs.filter((run) => run.name.startsWith('load')).length).toBeGreaterThan(50);
  });

  test('of 1,500 jobs that expire at one moment none runs, and all are cancelled within 3 s', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const options = { delayMs: 60_000, expiresAt };
    await app.twolane.enqueueMany(
      Array.from({ length: 1_500 }, (_, n) => ({ job: app.jobs.work, payload: { name: `late ${n}` }, options })),
    );
    const cancelled = async () => {
      const { rows } = await app.twolane.database.query<{ n: number; last: Date; first: Date }>(
        `select count(*)::int as n, min(finished_at) as first, max(finished_at) as last from twolane.done where reason = 'expired'`,
      );
      return rows[0] as { n: number; first: Date; last: Date };
    };
    await until('all are cancelled', async () => (await cancelled()).n === 1_500);
    const { first, last } = await cancelled();
    expect(first.getTime()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect(last.getTime() - expiresAt.getTime()).toBeLessThan(3_000);
    expect(app.runs.filter((run) => run.name.startsWith('late'))).toHaveLength(0);
  });

  test('a job that waits in a paused queue beyond its expiry is cancelled; one that runs by then runs on', async () => {
    const { twolane, jobs } = app;
    const queue = `${laneCase.lane}/single` as const;
    const running = await twolane.enqueue(
      jobs.single,
      { name: 'runs on', takesMs: 2_500 },
      { expiresAt: new Date(Date.now() + 1_500) },
    );
    await app.reaches(running.id, 'running');
    await twolane.operations.pause(queue);
    const expiresAt = new Date(Date.now() + 500);
    const waiting = await twolane.enqueue(jobs.single, { name: 'held too long' }, { expiresAt });
    expect(await app.reaches(waiting.id, 'cancelled')).toMatchObject({ reason: 'expired', startedAt: null });
    await twolane.operations.resume(queue);
    await app.reaches(running.id, 'succeeded');
    expect(app.runsOf('held too long')).toHaveLength(0);
  });
});

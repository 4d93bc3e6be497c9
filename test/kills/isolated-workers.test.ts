/** Workers with isolated jobs are killed and drained: no process of a job outlives its worker, and no job is lost or charged for it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { JobDetail, JobState } from '../../src/contract/index.ts';
import { isAlive } from '../support/alive.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createApp, jobsOf } from '../support/isolated-app.ts';
import { long, longUnless } from '../support/long.ts';
import { until } from '../support/stack.ts';

const timeoutMs = 60_000;

describe.each(['realtime', 'bulk'] as const)(
  'A worker with isolated jobs of the %s lane',
  { timeout: 2 * timeoutMs },
  (lane) => {
    let app: TestApp;
    const workers: ChildProcess[] = [];
    beforeEach(async () => {
      app = await startTestApp({ http: false, worker: false, make: createApp, settings: { TWOLANE_DRAIN_MS: '3000' } });
    });
    afterEach(async () => {
      for (const worker of workers.splice(0))
        if (worker.exitCode === null && worker.signalCode === null) worker.kill('SIGKILL');
      await app.stop();
    });

    async function startWorker(): Promise<ChildProcess> {
      const script = join(inject('scripts'), 'test/support/isolated-worker.js');
      const worker = fork(script, [], { env: { ...process.env, ...app.environment }, execArgv: [] });
      workers.push(worker);
      await once(worker, 'message');
      return worker;
    }
    const enqueue = async (payload: Parameters<typeof app.twolane.enqueue<ReturnType<typeof jobsOf>['plain']>>[1]) =>
      (await app.twolane.enqueue(jobsOf(lane).isolated, payload)).id;
    const becomes = (id: string, fits: (job: JobDetail) => boolean) =>
      until(
        `job ${id} is as it should be`,
        async () => {
          const job = await app.twolane.operations.get(id);
          return job && fits(job) ? job : undefined;
        },
        { timeoutMs },
      );
    const reaches = (id: string, state: JobState) => becomes(id, (job) => job.state === state);
    const logged = (id: string, message: string) =>
      until(
        `it tells: ${message}`,
        async () => (await app.twolane.operations.logs(id, {})).items.find((line) => line.message === message),
        { timeoutMs },
      );

    test(
      'that is killed takes every process of its jobs along, and the jobs run elsewhere',
      longUnless(lane === 'realtime'),
      async () => {
        const victim = await startWorker();
        const id = await enqueue({ does: 'computes for ever', starts: true });
        const pids = (await logged(id, 'Processes')).fields?.pids as number[];
        expect(pids.filter(isAlive)).toHaveLength(4);
        await startWorker();
        const killedAt = Date.now();
        victim.kill('SIGKILL');
        await until('all of them are gone', () => pids.filter(isAlive).length === 0);
        expect(Date.now() - killedAt).toBeLessThan(2_000);
        const again = await becomes(
          id,
          ({ state, attempts }) => state === 'running' && attempts[0]?.outcome === 'crashed',
        );
        expect(again.attempt).toBe(1);
        expect(again.attempts[0]).toMatchObject({ error: { code: 'worker_lost' }, stoppedAt: expect.any(String) });
        await app.twolane.operations.cancel(id);
        await reaches(id, 'cancelled');
      },
    );

    test(
      'that gets SIGTERM lets isolated jobs finish, hands the others back uncharged, and leaves no process behind',
      long,
      async () => {
        const worker = await startWorker();
        const [rests, endless] = [
          await enqueue({ does: 'rests' }),
          await enqueue({ does: 'computes for ever', starts: true }),
        ];
        const pids = (await logged(endless, 'Processes')).fields?.pids as number[];
        await logged(rests, 'It runs');
        const gone = once(worker, 'exit');
        worker.kill('SIGTERM');
        expect(await gone).toEqual([0, null]);
        expect(pids.filter(isAlive)).toEqual([]);
        expect(await reaches(rests, 'succeeded')).toMatchObject({ attempt: 1 });
        const released = await app.twolane.operations.get(endless);
        expect(released).toMatchObject({ attempt: 0, attempts: [] });
        expect(['waiting', 'queued']).toContain(released?.state);
        await app.twolane.operations.cancel(endless);
        expect((await app.twolane.operations.conservation()).unaccounted).toBe(0);
      },
    );
  },
);

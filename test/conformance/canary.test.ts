/** Every consumer proves that it consumes, on every lane; one that does not is noticed, told of and made anew. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineJob } from '../../src/contract/index.ts';
import { bulkLane } from '../../src/lanes/bulk/lane.ts';
import { memoryLane } from '../../src/lanes/memory/lane.ts';
import { realtimeLane } from '../../src/lanes/realtime/lane.ts';
import { type DeafLane, deafLane } from '../support/deaf-lane.ts';
import { caller } from '../support/http.ts';
import { type LaneApp, type LaneCase, laneCases, payload, startLaneApp } from '../support/lanes.ts';
import { freshPrefix, testUrls, until } from '../support/stack.ts';

const canaryMs = 800;

function makeLane({ lane, memory }: LaneCase, prefix: string): DeafLane {
  const { AMQP_URL, REDIS_URL } = testUrls();
  if (memory) return deafLane(memoryLane({ name: lane }));
  return deafLane(lane === 'realtime' ? realtimeLane({ url: AMQP_URL, prefix }) : bulkLane({ url: REDIS_URL, prefix }));
}

describe.each(laneCases)('The canary on the $name lane', (laneCase) => {
  let app: LaneApp;
  let deaf: DeafLane;
  beforeAll(async () => {
    const prefix = freshPrefix();
    deaf = makeLane(laneCase, prefix);
    app = await startLaneApp(laneCase, {
      http: true,
      settings: { TWOLANE_PREFIX: prefix, TWOLANE_CANARY_MS: String(canaryMs) },
      overrides: { lanes: { [laneCase.lane]: deaf.lane } },
    });
  });
  afterAll(() => app.stop());

  const consumers = async () => (await app.twolane.operations.workers()).flatMap((worker) => worker.queues);
  const readyz = (query = '') => caller(app.url)('GET', `/readyz${query}`, {});

  test('idle consumers are proven by probes that leave no trace in jobs, counts and statistics', async () => {
    const second = app.twolane.worker({ queues: ['work'], concurrency: 5 });
    await second.start();
    const seen: number[] = [];
    const from = deaf.probes();
    await until('several rounds of probes went through', async () => {
      const all = await consumers();
      expect(all).toHaveLength(3);
      expect(all.map(({ late, rebuilds }) => ({ late, rebuilds }))).toEqual(Array(3).fill({ late: null, rebuilds: 0 }));
      seen.push(...all.map(({ silentMs }) => silentMs));
      return deaf.probes() - from >= 9;
    });
    // A heartbeat is up to a second old.
    expect(Math.max(...seen)).toBeLessThan(canaryMs * 2.5 + 1_500);
    await second.stop();
    const { operations } = app.twolane;
    expect(await operations.conservation()).toMatchObject({ appended: 0, settled: 0, live: 0 });
    expect((await operations.list({}, {})).items).toEqual([]);
    for (const queue of await operations.queues()) {
      expect(queue).toMatchObject({ enqueuedPerS: 0, finishedPerS: 0, counts: { queued: 0, running: 0 } });
    }
  });

  test('a consumer whose slots are all taken is not late, and neither is a paused queue', async () => {
    const path = `${laneCase.lane}/single` as const;
    const jobs = await app.twolane.enqueueMany(
      [1, 2, 3].map((n) => ({ job: app.jobs.single, payload: { name: `long ${n}`, takesMs: canaryMs } })),
    );
    for (const job of jobs) await app.reaches(job.id, 'succeeded');
    await app.twolane.operations.pause(path);
    const from = deaf.probes();
    await until('it was probed while paused', () => deaf.probes() - from >= 4);
    await app.twolane.operations.resume(path);
    for (const { late, rebuilds } of await consumers()) expect({ late, rebuilds }).toEqual({ late: null, rebuilds: 0 });
    expect(await readyz(`?needs=${laneCase.lane}`)).toMatchObject({ status: 200, json: { late: [], unserved: [] } });
  });

  test('one that looks alive and consumes nothing is told of by /readyz, made anew, and works again', async () => {
    deaf.deafen('single');
    const job = await app.twolane.enqueue(app.jobs.single, { name: 'swallowed' });
    const answer = await until('/readyz tells', async () => {
      const now = await readyz();
      return now.status === 503 && now.json.late.length > 0 ? now : undefined;
    });
    expect(answer.json).toMatchObject({
      code: 'not_serving',
      detail: expect.stringContaining(`The consumer of ${laneCase.lane}/single here is late: it was given nothing for`),
      degraded: [laneCase.lane],
      unserved: [`${laneCase.lane}/single`],
      late: [{ queue: `${laneCase.lane}/single`, why: expect.stringContaining('not even its probe') }],
    });
    await until('it runs after all', async () => (await app.twolane.operations.get(job.id))?.state === 'succeeded', {
      timeoutMs: 25_000,
    });
    await until('/readyz is well again', async () => (await readyz(`?needs=${laneCase.lane}`)).status === 200);
    const single = (await consumers()).find(({ queue }) => queue.endsWith('/single'));
    expect(single).toMatchObject({ late: null, rebuilds: 2 });
  });

  test('a queue without any consumer is named, and fails a probe that needs its lane', async () => {
    const other = await startLaneApp(laneCase, { http: true, worker: false });
    const ask = caller(other.url);
    const queues = [`${laneCase.lane}/single`, `${laneCase.lane}/work`];
    expect(await ask('GET', '/readyz', {})).toMatchObject({ status: 200, json: { status: 'ready', unserved: queues } });
    const needed = await ask('GET', `/readyz?needs=${laneCase.lane}`, {});
    expect(needed).toMatchObject({ status: 503, json: { code: 'not_serving', unserved: queues } });
    expect(needed.json.detail).toContain(`No process consumes ${laneCase.lane}/work`);
    expect((await ask('GET', '/readyz?needs=fax', {})).status).toBe(422);
    await other.stop();
  });
});

test('no job type may take the name of the probes', () => {
  expect(() => defineJob({ type: 'canary', lane: 'bulk', queue: 'work', payload })).toThrow(/belongs to the probes/);
});

/** Fleets in which not every worker knows every job, on every lane: a rolling deploy, and versions that nobody knows yet. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, type LaneName } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { type LaneApp, type LaneCase, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const common = { type: 'greet', queue: 'work' } as const;
const oldGreet = (lane: LaneName) => defineJob({ ...common, lane, payload: z.object({ name: z.string() }) });
const newGreet = (lane: LaneName) =>
  defineJob({
    ...common,
    lane,
    version: 2,
    payload: z.object({ names: z.array(z.string()) }),
    upcast: { 1: (old: { name: string }) => ({ names: [old.name] }) },
  });
/** Shares the queue; only the new release has it. */
const wave = (lane: LaneName) => defineJob({ type: 'wave', queue: 'work', lane, payload: z.object({}) });

/** Which release ran a job, and with what. */
interface Greeting {
  release: 'old' | 'new';
  id: string;
  payload: unknown;
}

describe.each(laneCases)('On the $name lane', (laneCase) => {
  const { lane } = laneCase;
  const greetings: Greeting[] = [];
  const handler = (release: Greeting['release']) => async (payload: unknown, context: { id: string }) => {
    greetings.push({ release, id: context.id, payload });
  };
  const old = { greet: oldGreet(lane) };
  const fresh = { greet: newGreet(lane), wave: wave(lane) };
  let app: LaneApp;
  let deployed: Twolane;
  beforeAll(async () => {
    const overrides = { catalog: old, handlers: () => ({ greet: handler('old') }) };
    app = await startLaneApp(laneCase, { worker: false, overrides });
    deployed = release(app, laneCase, fresh, handler('new'));
    await deployed.start();
  });
  afterAll(async () => {
    await deployed.close();
    await app.stop();
  });
  const ran = (id: string) => greetings.filter((greeting) => greeting.id === id);

  test('jobs of a version or type that no live worker knows wait and raise an alarm, until one comes', async () => {
    const { operations } = app.twolane;
    const worker = app.twolane.worker({ queues: ['work'], concurrency: 5 });
    await worker.start();
    const items = Array.from({ length: 120 }, (_, n) => ({ job: fresh.greet, payload: { names: [`early ${n}`] } }));
    const early = await deployed.enqueueMany(items);
    const waved = await deployed.enqueue(fresh.wave, {});
    const known = await app.twolane.enqueue(old.greet, { name: 'known' });
    await app.reaches(known.id, 'succeeded');
    const alarms = await until('both alarms are raised', async () => {
      const raised = await operations.alarms();
      return raised.length === 2 && raised.every((alarm) => (alarm.jobs ?? 0) > 0) ? raised : undefined;
    });
    expect(alarms.map((alarm) => alarm.code)).toEqual(['unknown_version', 'unknown_version']);
    expect(alarms.map((alarm) => alarm.target).sort()).toEqual([
      `${lane}/work greet version 2`,
      `${lane}/work wave version 1`,
    ]);
    const reason = 'waits for a worker that knows version 1 of wave';
    expect(await operations.get(waved.id)).toMatchObject({ state: 'waiting', attempt: 0, reason });
    // All of them are out of the way: nothing of it comes back to the worker that does not know it.
    await until('all are parked', async () => (await parkedJobs(app)) === 121);
    expect(greetings.filter((greeting) => greeting.release === 'new')).toEqual([]);

    const capable = deployed.worker({ queues: ['work'], concurrency: 5 });
    await capable.start();
    for (const { id } of [waved, ...early]) expect(await app.reaches(id, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(await operations.alarms()).toEqual([]);
    expect(greetings.filter((greeting) => greeting.release === 'new')).toHaveLength(121);
    await capable.stop();
    await worker.stop();
  });

  test('in a rolling deploy old and new workers share a queue, and every job soon reaches one that knows it', async () => {
    const { operations } = app.twolane;
    const workers = [1, 2, 3].map(() => app.twolane.worker({ queues: ['work'], concurrency: 4 }));
    workers.push(deployed.worker({ queues: ['work'], concurrency: 4 }));
    for (const worker of workers) await worker.start();
    for (let n = 0; n < 20; n += 1) {
      const first = await app.twolane.enqueue(old.greet, { name: `old ${n}` });
      const second = await deployed.enqueue(fresh.greet, { names: [`new ${n}`] });
      for (const { id } of [first, second]) {
        const done = await app.reaches(id, 'succeeded');
        expect(done).toMatchObject({ attempt: 1, attempts: [{ outcome: 'succeeded' }] });
        expect(ran(id)).toHaveLength(1);
        expect(Date.parse(done.startedAt ?? '') - Date.parse(done.enqueuedAt)).toBeLessThan(2_000);
      }
      expect(ran(second.id)[0]).toMatchObject({ release: 'new', payload: { names: [`new ${n}`] } });
    }
    const byNew = greetings.filter((greeting) => JSON.stringify(greeting.payload).includes('"names":["old'));
    expect(byNew.every((greeting) => greeting.release === 'new')).toBe(true);
    for (const worker of workers) await worker.stop();
    expect((await operations.conservation()).unaccounted).toBe(0);
  });

  test('the new release runs what was enqueued before it, brought to its version', async () => {
    const before = await app.twolane.enqueue(old.greet, { name: 'before the deploy' });
    const byOldClient = await deployed.enqueue(fresh.greet, { name: 'of an old client' } as never, { version: 1 });
    const worker = deployed.worker({ queues: ['work'], concurrency: 5 });
    await worker.start();
    for (const { id } of [before, byOldClient]) await app.reaches(id, 'succeeded');
    expect(ran(before.id)).toMatchObject([{ release: 'new', payload: { names: ['before the deploy'] } }]);
    expect(await app.twolane.operations.get(byOldClient.id)).toMatchObject({ version: 2 });
    expect(ran(byOldClient.id)).toMatchObject([{ payload: { names: ['of an old client'] } }]);
    await worker.stop();
  });
});

/** Another release of the same installation: its own catalog on the same database and servers. */
function release(app: LaneApp, laneCase: LaneCase, catalog: Record<string, never> | object, handler: unknown): Twolane {
  const memory = app.twolane.lanes.get('realtime');
  return createApp(app.config, {
    logger: app.twolane.logger,
    product: undefined,
    catalog: catalog as never,
    handlers: () => ({ greet: handler, wave: handler }) as never,
    lanes: laneCase.memory && memory ? { realtime: memory } : {},
  });
}

async function parkedJobs(app: LaneApp): Promise<number> {
  const { rows } = await app.twolane.database.query<{ n: number }>(
    'select count(*)::int as n from twolane.live where lot is not null',
  );
  return rows[0]?.n ?? 0;
}

/** Latency budgets, on every lane: while an urgent type misses its own, lower queues run less at once; and get everything back. */
import { describe, expect, test } from 'vitest';
import { defineJob } from '../../src/contract/index.ts';
import { laneCases, payload, scriptedHandler, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('A latency budget on the $name lane', (laneCase) => {
  test('lower queues give way while an urgent budget burns, and go on in full afterwards', async () => {
    const common = { lane: laneCase.lane, payload } as const;
    const jobs = {
      // Nothing can start that soon: every start is late.
      work: defineJob({ ...common, type: 'work', queue: 'work', priority: 'urgent', budgetMs: 0.001 }),
      low: defineJob({ ...common, type: 'low', queue: 'low', priority: 'low' }),
    };
    const handler = scriptedHandler([]);
    const app = await startLaneApp(laneCase, {
      worker: false,
      overrides: {
        catalog: jobs,
        handlers: () => ({ work: handler, low: handler }),
      },
    });
    const { twolane } = app;
    const worker = twolane.worker({ concurrency: 20 });
    await worker.start();
    const low = async () => {
      const queue = (await twolane.operations.queues()).find((one) => one.queue === 'low');
      if (!queue) throw new Error('no such queue');
      return queue;
    };
    const running = async () => (await low()).counts.running;
    const enqueueLow = (name: string) =>
      twolane.enqueueMany(
        Array.from({ length: 60 }, (_, n) => ({ job: jobs.low, payload: { name: `${name} ${n}`, takesMs: 400 } })),
      );
    try {
      await enqueueLow('at first');
      await until('all slots are used', async () => (await running()) === 20);
      await twolane.enqueueMany(Array.from({ length: 10 }, (_, n) => ({ job: jobs.work, payload: { name: `${n}` } })));
      await until('the low queue holds back and is idle', async () => {
        const { held, counts } = await low();
        return held && counts.waiting + counts.queued + counts.running === 0;
      });
      await enqueueLow('while it burns');
      const seen: number[] = [];
      for (let n = 0; n < 75; n++) {
        seen.push(await running());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      // A share of less than one slot is one.
      expect(Math.max(...seen)).toBe(1);
      await twolane.database.query(`update twolane.type_stats set at = at - interval '2 minutes'`);
      await until('all slots are used again', async () => (await running()) >= 15);
    } finally {
      await worker.stop();
      await app.stop();
    }
  });
});

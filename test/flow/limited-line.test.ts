/** A limited job that comes to an empty line wakes the dispatcher of its queue; nothing else does, so nothing else pays for it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineJob } from '../../src/contract/index.ts';
import type { HeldConnection } from '../../src/ledger/held-connection.ts';
import { type LaneApp, laneCases, payload, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const limited = defineJob({ type: 'limited', lane: 'realtime', queue: 'limited', payload, limits: { concurrency: 2 } });
let app: LaneApp;
let listener: HeldConnection;
const woken: string[] = [];
beforeAll(async () => {
  const overrides = { catalog: { ...testCatalog('realtime'), limited } };
  // Nobody lets a job out of the line.
  app = await startLaneApp(laneCases[0], { worker: false, scheduler: false, overrides });
  const listen = { channels: ['line'], onNotice: (_channel: string, queue: string) => woken.push(queue) };
  listener = await app.twolane.database.hold({ onGone() {}, listen });
});
afterAll(async () => {
  await listener.end();
  await app.stop();
});

test('the first jobs of a line wake the dispatcher, those behind them and jobs without limits do not', async () => {
  const { enqueue, enqueueMany, operations } = app.twolane;
  await enqueue(app.jobs.work, { name: 'not limited' });
  const first = await enqueueMany([1, 2].map((n) => ({ job: limited, payload: { name: `first ${n}` } })));
  const behind = await enqueue(limited, { name: 'behind them' });
  for (const { id } of [...first, behind]) await operations.cancel(id);
  await enqueue(limited, { name: 'first again' });
  await until('both lines were told of', () => woken.length >= 2);
  expect(woken).toEqual(['realtime/limited', 'realtime/limited']);
});

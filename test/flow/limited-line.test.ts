/** A limited job that comes to an empty line wakes the dispatcher of its queue; nothing else does, so nothing else pays for it. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineJob } from '../../src/contract/index.ts';
import { schemaOf } from '../../src/ledger/schema.ts';
import { type LaneApp, laneCases, payload, startLaneApp, testCatalog } from '../support/lanes.ts';

const limited = defineJob({ type: 'limited', lane: 'realtime', queue: 'limited', payload, limits: { concurrency: 2 } });
let app: LaneApp;
let listener: pg.Client;
const woken: (string | undefined)[] = [];
beforeAll(async () => {
  const overrides = { catalog: { ...testCatalog('realtime'), limited } };
  // Nobody lets a job out of the line.
  app = await startLaneApp(laneCases[0], { worker: false, scheduler: false, overrides });
  listener = new pg.Client({ connectionString: app.config.DATABASE_URL });
  listener.on('notification', ({ payload: queue }) => woken.push(queue));
  await listener.connect();
  await listener.query(`listen "${schemaOf(app.config.TWOLANE_PREFIX)}.line"`);
});
afterAll(async () => {
  await listener.end();
  await app.stop();
});

test('the first jobs of a line wake the dispatcher, those behind them and jobs without limits do not', async () => {
  const { enqueue, enqueueMany, operations } = app.twolane;
  await enqueue(app.jobs.work, { name: 'not limited' });
  await enqueueMany([1, 2].map((n) => ({ job: limited, payload: { name: `first ${n}` } })));
  await enqueue(limited, { name: 'behind them' });
  const { items } = await operations.list({ type: 'limited' }, {});
  for (const { id } of items) await operations.cancel(id);
  await enqueue(limited, { name: 'first again' });
  await listener.query('select 1');
  expect(woken).toEqual(['realtime/limited', 'realtime/limited']);
});

/** The patrol: rows that somebody broke by hand are found, put right, told of and written down; the sums fit afterwards. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Logger, type Repair, silentLogger } from '../../src/contract/index.ts';
import { apiKey } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe('The patrol', () => {
  let app: LaneApp;
  const told: string[] = [];
  beforeAll(async () => {
    const logger: Logger = {
      ...silentLogger,
      child: () => logger,
      warn: (_fields, message) => void told.push(message),
    };
    app = await startLaneApp(laneCases[0], {
      http: true,
      settings: { TWOLANE_PATROL_MS: '150' },
      overrides: { logger },
    });
    await app.twolane.operations.pause('realtime/single');
  });
  afterAll(() => app.stop());
  beforeEach(() => void told.splice(0));

  const sql = (text: string, ...values: unknown[]) => app.twolane.database.query(text, values);
  const inLine = async (name: string) => (await app.twolane.enqueue(app.jobs.single, { name })).id;
  const state = async (id: string) => (await app.twolane.operations.get(id))?.state;

  /** The one repair of this kind that names the job, in the table, over HTTP and in the log. */
  async function repaired(kind: string, id?: string): Promise<Repair> {
    const ask = () => caller(app.url)('GET', '/v1/repairs', { token: apiKey });
    const found = await until(`the repair "${kind}" is written down`, async () => {
      const items: Repair[] = (await ask()).json.items;
      return items.find((one) => one.kind === kind && (id === undefined || one.jobIds.includes(id)));
    });
    await until('it is told', () => told.some((message) => message.startsWith(`Repaired: ${kind}`)));
    return found;
  }

  const balanced = () =>
    until('everything is accounted for', async () => {
      const { unaccounted } = await app.twolane.operations.conservation();
      return unaccounted === 0;
    });

  test('leaves a ledger alone in which all is well', async () => {
    const parent = await app.twolane.enqueue(app.jobs.work, { name: 'parent' }, { waitFor: [await inLine('child')] });
    await app.twolane.enqueue(app.jobs.single, { name: 'later' }, { delayMs: 60_000, key: 'k' });
    await app.twolane.enqueue(app.jobs.single, { name: 'behind it' }, { key: 'k' });
    for (let n = 0; n < 30; n++) await app.twolane.enqueue(app.jobs.work, { name: `busy ${n}`, takesMs: 30 });
    await app.twolane.operations.conservation();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await app.twolane.operations.repairs({})).items).toEqual([]);
    expect(await state(parent.id)).toBe('blocked');
  });

  test('brings a job back that is nowhere any more', async () => {
    const id = await inLine('lost');
    await sql('delete from twolane.live where id = $1', id);
    expect((await app.twolane.operations.conservation()).unaccounted).toBe(1);
    expect(await repaired('lost', id)).toMatchObject({ jobs: 1, lane: 'realtime', queue: 'single' });
    expect(await state(id)).toBe('waiting');
    await balanced();
  });

  test('removes the living one of a job that has ended', async () => {
    const { id } = await app.twolane.enqueue(app.jobs.work, { name: 'ended' });
    await app.reaches(id, 'succeeded');
    await sql(
      `insert into twolane.live (id, queue, prio, tenant, type, version, state, waiting, max_attempts, timeout_ms)
       values ($1, 'realtime/single', 2, '', 'work', 1, 'waiting', true, 3, 1000)`,
      id,
    );
    await repaired('settled_twice', id);
    expect(await state(id)).toBe('succeeded');
    await balanced();
  });

  test('lets a blocked job go whose children have ended, and cancels it when one can not succeed any more', async () => {
    const { twolane, jobs } = app;
    const waiting = async (name: string) => {
      const child = await inLine(`child of ${name}`);
      return { child, id: (await twolane.enqueue(jobs.work, { name }, { waitFor: [child] })).id };
    };
    const [forgotten, miscounted, doomed] = [
      await waiting('forgotten'),
      await waiting('miscounted'),
      await waiting('doomed'),
    ];
    await sql('delete from twolane.waits where child_id = $1', forgotten.child);
    await sql('update twolane.live set blockers = 7 where id = $1', miscounted.id);
    await sql('delete from twolane.live where id = $1', doomed.child);
    await sql(
      `insert into twolane.done (id, type, queue, state, attempt, finished_at)
       values ($1, 'single', 'realtime/single', 'cancelled', 0, now())`,
      doomed.child,
    );
    await sql(`insert into twolane.tallies (queue, cancelled) values ('realtime/single', 1)`);
    for (const { id } of [forgotten, miscounted, doomed]) await repaired('unblocked', id);
    await app.reaches(forgotten.id, 'succeeded');
    await app.reaches(doomed.id, 'cancelled');
    expect(await state(miscounted.id)).toBe('blocked');
    await twolane.operations.resume('realtime/single');
    await app.reaches(miscounted.id, 'succeeded');
    await twolane.operations.pause('realtime/single');
    await balanced();
  });

  test('frees what nobody would ever look at again', async () => {
    const broken = {
      "state = 'queued', waiting = false": await inLine('queued nowhere'),
      "state = 'scheduled', waiting = false": await inLine('scheduled for never'),
      'waiting = false': await inLine('free and not offered'),
      "state = 'running', waiting = false, worker = 999999": await inLine('run by nobody'),
    };
    for (const [change, id] of Object.entries(broken)) await sql(`update twolane.live set ${change} where id = $1`, id);
    for (const [change, id] of Object.entries(broken)) {
      await repaired(change.includes('running') ? 'abandoned' : 'freed', id);
      expect(await state(id)).toBe('waiting');
    }
    await app.twolane.operations.resume('realtime/single');
    for (const id of Object.values(broken)) await app.reaches(id, 'succeeded');
    await app.twolane.operations.pause('realtime/single');
  });

  test('corrects sums that are off while every job is there', async () => {
    await sql('update twolane.totals set settled = settled - 3');
    expect(await repaired('counters')).toMatchObject({
      jobs: 0,
      lane: null,
      detail: expect.stringContaining('off by 3'),
    });
    await balanced();
    await sql('update twolane.totals set settled = settled + 2');
    await balanced();
    const { text } = await caller(app.url)('GET', '/metrics', { token: apiKey });
    expect(text).toContain('twolane_jobs_repaired{kind="counters"} 2');
    expect(text).toContain('twolane_jobs_repaired{kind="lost"} 1');
  });
});

/** Retention of a job type, on every lane: its finished jobs are forgotten by age and by number, with their files, and others are not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineJob } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { type LaneApp, laneCases, payload, scriptedHandler, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', ({ lane, ...rest }) => {
  const common = { lane, queue: 'work', payload, maxAttempts: 1 } as const;
  const few = defineJob({ ...common, type: 'few', retention: { count: 3 } });
  const short = defineJob({ ...common, type: 'short', retention: { ms: 1_500 } });
  let app: LaneApp;
  beforeAll(async () => {
    const handler = scriptedHandler([]);
    const catalog = { ...testCatalog(lane), few, short };
    const handlers = () => Object.fromEntries(Object.keys(catalog).map((type) => [type, handler]));
    const settings = { TWOLANE_INLINE_PAYLOAD_BYTES: '1000' };
    app = await startLaneApp({ lane, ...rest } as (typeof laneCases)[number], {
      settings,
      overrides: { catalog, handlers },
    });
  });
  afterAll(() => app.stop());

  const listed = async (type: string) =>
    (await app.twolane.operations.list({ type }, {})).items.map(({ id }) => id).toReversed();

  test('only the newest of a type are shown, and what is live or dead stays', async () => {
    const { twolane } = app;
    const dead = await twolane.enqueue(few, { name: 'dead', fails: 'for ever' });
    await app.reaches(dead.id, 'dead');
    const later = await twolane.enqueue(few, { name: 'in an hour' }, { delayMs: 3_600_000 });
    const jobs = await twolane.enqueueMany(
      Array.from({ length: 6 }, (_, n) => ({ job: few, payload: { name: `${n}` } })),
    );
    const kept = jobs.slice(-3).map(({ id }) => id);
    for (const id of kept) await app.reaches(id, 'succeeded');
    await until('the others are forgotten', async () => (await listed('few')).length === 5);
    expect(await listed('few')).toEqual([dead.id, later.id, ...kept]);
    for (const [index, { id }] of jobs.entries())
      expect((await twolane.operations.get(id)) === undefined).toBe(index < 3);
    expect(await twolane.operations.payload(jobs[0]?.id ?? '')).toBeUndefined();
  });

  test('what has ended long enough ago is forgotten with its files, and other types are not', async () => {
    const { operations, database, enqueue } = app.twolane;
    const other = await enqueue(app.jobs.work, { name: 'of another type' });
    const large = { name: 'large'.padEnd(2_000) };
    const job = await enqueue(short, large);
    expect(await app.reaches(job.id, 'succeeded')).toMatchObject({ payload: null });
    const { rows } = await database.query(`select payload_file ->> 'key' as key from twolane.jobs where id = $1`, [
      job.id,
    ]);
    const files = diskStore({ folder: app.config.TWOLANE_FILES_DIR });
    expect(await files.open(rows[0].key)).toBeDefined();
    expect(await operations.payload(job.id)).toEqual(large);
    await until('it is forgotten', async () => (await operations.get(job.id)) === undefined);
    expect(await listed('short')).toEqual([]);
    // It is removed when loose files are swept next, which may have been a moment ago.
    const isLoose = async () => (await database.query('select from twolane.loose_files')).rows.length === 1;
    await until('its file is let go', async () => (await isLoose()) || (await files.open(rows[0].key)) === undefined);
    expect(await app.reaches(other.id, 'succeeded')).toBeDefined();
    expect((await operations.conservation()).unaccounted).toBe(0);
  });
});

/** Many jobs in one call, and payloads that are too large for a row, on every lane. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, type JobContext } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { sweepLooseFiles } from '../../src/ledger/loose-files.ts';
import { apiKey } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const inline = 20_000;

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    const settings = { TWOLANE_INLINE_PAYLOAD_BYTES: String(inline), TWOLANE_MAX_PAYLOAD_BYTES: '400000' };
    app = await startLaneApp(laneCase, { http: true, settings });
  });
  afterAll(() => app.stop());
  const queue = `${laneCase.lane}/single` as const;
  /** More bytes than letters, so that the size is that of UTF-8. */
  const large = (name: string) => ({ name: name.padEnd(inline, 'ü') });
  const files = () => diskStore({ folder: app.config.TWOLANE_FILES_DIR });
  const query = (text: string, values?: unknown[]) => app.twolane.database.query(text, values);
  const fileOf = async (id: string): Promise<string> =>
    (await query(`select payload_file ->> 'key' as key from twolane.jobs where id = $1`, [id])).rows[0]?.key;
  const looseFiles = async () => (await query('select key from twolane.loose_files')).rows.map(({ key }) => key);

  /** What the sweep does with the files that have been loose for an hour. */
  const sweepAnHourLater = async () => {
    await query(`update twolane.loose_files set since = since - interval '2 hours'`);
    await sweepLooseFiles(app.twolane.database, files());
  };

  test('a large payload is in the file store before its row, and its handler gets it like any other', async () => {
    const [job, nothing] = await app.twolane.enqueueMany([
      { job: app.jobs.work, payload: large('large') },
      { job: app.jobs.work, payload: { name: 'small' } },
    ]);
    const done = await app.reaches(job?.id ?? '', 'succeeded');
    await app.reaches(nothing?.id ?? '', 'succeeded');
    expect(app.runsOf(large('large').name)).toHaveLength(1);
    expect(done).toMatchObject({
      payload: null,
      payloadFile: { bytes: Buffer.byteLength(JSON.stringify(large('large'))) },
    });
    expect(await app.twolane.operations.payload(job?.id ?? '')).toEqual(large('large'));
    const read = await caller(app.url)('GET', `/v1/jobs/${job?.id}/payload`, { token: apiKey });
    expect(read).toMatchObject({ status: 200, json: large('large') });
    expect(await looseFiles()).toEqual([]);
    const huge = app.twolane.enqueue(app.jobs.work, { name: 'x'.repeat(400_000) });
    await expect(huge).rejects.toMatchObject({ code: 'payload_too_large' });
  });

  test('what no job took is swept up: rolled back, answered with an earlier job, given up for a newer one', async () => {
    const { twolane, jobs } = app;
    const rolledBack = twolane.transaction(async (_tx, enqueue) => {
      await enqueue(jobs.work, large('rolled back'));
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    const once = { idempotencyKey: 'large' };
    const kept = await twolane.enqueue(jobs.work, large('kept'), once);
    expect(await twolane.enqueue(jobs.work, large('kept'), once)).toMatchObject({
      deduplicated: true,
      payloadDiffers: false,
    });
    const debounce = { debounce: { key: 'large', ms: 1_000 } };
    const merged = await twolane.enqueue(jobs.work, large('older'), debounce);
    const [olderFile, keptFile] = [await fileOf(merged.id), await fileOf(kept.id)];
    await twolane.enqueue(jobs.work, large('newer'), debounce);
    expect(await looseFiles()).toHaveLength(3);
    await sweepLooseFiles(twolane.database, files());
    expect(await looseFiles()).toHaveLength(3);
    await sweepAnHourLater();
    expect(await looseFiles()).toEqual([]);
    expect(await files().open(olderFile)).toBeUndefined();
    expect(await files().open(keptFile)).toBeDefined();
    expect(await app.reaches(merged.id, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(app.runsOf(large('newer').name)).toHaveLength(1);
  });

  test('the sweep leaves the file of a transaction alone that has not committed yet', async () => {
    const { twolane, jobs } = app;
    const id = await twolane.transaction(async (_tx, enqueue) => {
      const job = await enqueue(jobs.work, large('slow commit'));
      await query(`insert into twolane.loose_files values ('payloads/none', now() - interval '2 hours')`);
      // Not `sweepAnHourLater`: that would wait for the very transaction.
      await sweepLooseFiles(twolane.database, files());
      return job.id;
    });
    await app.reaches(id, 'succeeded');
  });

  test('a payload that can not be read costs attempts, and a large edit brings the dead job back', async () => {
    await app.twolane.operations.pause(queue);
    const job = await app.twolane.enqueue(app.jobs.single, large('lost'));
    await rm(join(app.config.TWOLANE_FILES_DIR, await fileOf(job.id)));
    await app.twolane.operations.resume(queue);
    const dead = await app.reaches(job.id, 'dead');
    expect(dead.attempts).toHaveLength(3);
    expect(dead.error).toMatchObject({ code: 'payload_missing' });
    await app.twolane.operations.retry(job.id, { payload: large('found') });
    await app.reaches(job.id, 'succeeded');
    expect(app.runsOf(large('found').name)).toHaveLength(1);
    await sweepAnHourLater();
    expect(await files().open(await fileOf(job.id))).toBeDefined();
  });
});

test('an attempt leaves at most 1,000 log lines, the last of which says so', async () => {
  const handler = async (_payload: unknown, { log }: JobContext) => {
    for (let n = 1; n <= 3_000; n += 1) log(`line ${n}`);
  };
  const overrides = { handlers: () => ({ work: handler, single: handler, internal: handler }) };
  const app = await startLaneApp(laneCases[0], { overrides });
  const { id } = await app.twolane.enqueue(app.jobs.work, { name: 'talkative' });
  await app.reaches(id, 'succeeded');
  const lines = () =>
    app.twolane.database.query('select message from twolane.logs where job_id = $1 order by seq', [id]);
  const { rows } = await until('the lines are written', async () => {
    const found = await lines();
    return found.rows.length > 0 ? found : undefined;
  });
  expect(rows).toHaveLength(1_000);
  expect(rows.at(-1)).toEqual({ message: 'Further lines of this attempt are not kept' });
  await app.stop();
});

describe.each(laneCases)('Enqueueing alone on the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    const settings = { TWOLANE_INLINE_PAYLOAD_BYTES: '100' };
    const overrides = { payloadFiles: false } as const;
    app = await startLaneApp(laneCase, { http: true, worker: false, scheduler: false, overrides, settings });
  });
  afterAll(() => app.stop());

  test('10,000 jobs in one call are all there or none is, in little more time per job than 1,000', async () => {
    const { twolane, jobs } = app;
    const options = { delayMs: 60_000 };
    const items = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ job: jobs.work, payload: { name: `n ${i}` }, options }));
    const timed = async (n: number) => {
      const startedAt = performance.now();
      const answers = await twolane.enqueueMany(items(n));
      return { answers, ms: performance.now() - startedAt };
    };
    await timed(1_000);
    const few = await timed(1_000);
    const many = await timed(10_000);
    expect(new Set(many.answers.map(({ id }) => id)).size).toBe(10_000);
    expect(many.ms / few.ms).toBeLessThan(25);
    const { appended } = await twolane.operations.conservation();
    const wrong = [...items(9_999), { job: jobs.work, payload: { name: 7 as unknown as string } }];
    await expect(twolane.enqueueMany(wrong)).rejects.toMatchObject({ fields: [{ pointer: '/9999/payload/name' }] });
    await expect(twolane.enqueueMany(items(10_001))).rejects.toMatchObject({ code: 'too_many_jobs' });
    expect((await twolane.operations.conservation()).appended).toBe(appended);
    const body = { jobs: items(10_000).map(({ payload }) => ({ type: 'work', payload, options })) };
    const answer = await caller(app.url)('POST', '/v1/jobs/bulk', { token: apiKey, body });
    expect(answer.status).toBe(202);
    expect(answer.json.jobs).toHaveLength(10_000);
    expect((await twolane.operations.conservation()).unaccounted).toBe(0);
  });

  test('without a file store a large payload is refused, and nothing is written', async () => {
    const { appended } = await app.twolane.operations.conservation();
    const refused = app.twolane.enqueue(app.jobs.work, { name: 'x'.repeat(200) });
    const message = expect.stringContaining('TWOLANE_INLINE_PAYLOAD_BYTES');
    await expect(refused).rejects.toMatchObject({ code: 'no_file_store', message });
    expect((await app.twolane.operations.conservation()).appended).toBe(appended);
  });

  test('a payload may be null', async () => {
    const job = defineJob({ type: 'nothing', lane: laneCase.lane, queue: 'work', payload: z.null() });
    const { id } = await app.twolane.enqueue(job, null, { delayMs: 60_000 });
    expect(await app.twolane.operations.get(id)).toMatchObject({ payload: null, payloadFile: null });
  });
});

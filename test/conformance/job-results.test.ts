/** Results that are too large for a row, on every lane: in the file store, read like any other, and gone with their job. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, type JobContext } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { sweepLooseFiles } from '../../src/ledger/loose-files.ts';
import { apiKey } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { type LaneApp, laneCases, startLaneApp, testCatalog } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

const inline = 20_000;
/** More bytes than letters, so that the size is that of UTF-8. */
const text = 'ü'.repeat(inline / 2 + 1);
const payload = z.enum(['returns', 'settles', 'counts', 'returns too much', 'has lost its job']);

describe.each(laneCases)('On the $name lane', (laneCase) => {
  const echo = defineJob({ type: 'echo', lane: laneCase.lane, queue: 'work', payload, result: z.string() });
  let app: LaneApp;
  beforeAll(async () => {
    const settings = { TWOLANE_INLINE_PAYLOAD_BYTES: String(inline), TWOLANE_MAX_PAYLOAD_BYTES: '100000' };
    const catalog = { ...testCatalog(laneCase.lane), echo };
    app = await startLaneApp(laneCase, {
      http: true,
      settings,
      overrides: { catalog, handlers: () => ({ echo: run }) },
    });
  });
  afterAll(() => app.stop());

  async function run(does: z.output<typeof payload>, context: JobContext<string>): Promise<string> {
    if (does === 'settles') await context.settle(async () => {}, text);
    if (does === 'counts') return `${String((await context.children())[0]?.result).length} characters`;
    if (does === 'returns too much') return 'x'.repeat(200_000);
    if (does === 'has lost its job')
      await query('update twolane.live set fence = fence + 1 where id = $1', [context.id]);
    return text;
  }
  const query = (sql: string, values?: unknown[]) => app.twolane.database.query(sql, values);
  const looseFiles = async () => (await query('select key from twolane.loose_files')).rows.map(({ key }) => key);
  const files = () => diskStore({ folder: app.config.TWOLANE_FILES_DIR });
  const done = async (does: z.input<typeof payload>, options = {}) =>
    app.reaches((await app.twolane.enqueue(echo, does, options)).id, 'succeeded', 'dead');

  test('a large result is in the file store, and the API, a parent and an effect in one transaction know nothing of that', async () => {
    const child = await done('returns');
    const bytes = Buffer.byteLength(JSON.stringify(text));
    expect(child).toMatchObject({ state: 'succeeded', result: null, resultFile: { bytes } });
    const read = await caller(app.url)('GET', `/v1/jobs/${child.id}/result`, { token: apiKey });
    expect(read).toMatchObject({ status: 200, json: text });
    expect(await done('counts', { waitFor: [child.id] })).toMatchObject({ result: `${text.length} characters` });
    expect(await done('settles')).toMatchObject({ result: null, resultFile: { bytes } });
    expect(await looseFiles()).toEqual([]);
  });

  test('one beyond the limit ends its job, and that of a worker which has lost the job is swept up', async () => {
    expect(await done('returns too much')).toMatchObject({
      state: 'dead',
      attempt: 1,
      error: { code: 'result_too_large' },
    });
    const lost = await app.twolane.enqueue(echo, 'has lost its job');
    const [key] = await until('the file belongs to no job', async () => {
      const loose = await looseFiles();
      return loose.length > 0 ? loose : undefined;
    });
    expect(await app.twolane.operations.get(lost.id)).toMatchObject({ state: 'running', resultFile: null });
    await until('it is written', () => files().open(String(key)));
    await query(`update twolane.loose_files set since = since - interval '2 hours'`);
    await sweepLooseFiles(app.twolane.database, files());
    expect(await files().open(String(key))).toBeUndefined();
  });
});
